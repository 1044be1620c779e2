using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Passes;

/// <summary>The vector passes against the same thing said with scalars.</summary>
public class PassTests
{
    private const int Batch = 3;

    /// <summary>Elements of one sample: none, some and many whole vectors, with and without a rest.</summary>
    public static TheoryData<DataType, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<DataType, int>();
            foreach (var type in new[] { DataType.Float32, DataType.BFloat16 })
                foreach (var size in new[] { 1, 15, 31, 32, 33, 63, 105, 8192, 8192 + 33, 20011 })
                    sizes.Add(type, size);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_keeps_what_is_positive(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, z) = data.Random();
        var activation = data.Empty();
        Pass.Relu(value, activation, Batch).Run();
        Assert.Equal(z.Select(x => Math.Max(x, 0)), data.Read(activation));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_measures_the_inner_products_of_each_sample(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, s) = data.Random();
        var (map, t) = data.Map();
        var activation = data.Empty();
        Pass.Relu(value, activation, Batch, map).Run();
        Assert.Equal(s.Select(x => Math.Max(x, 0)), data.Read(activation));
        Assert.Equal(t.Select(x => Math.Max(x, 0)), data.Read(map.OriginalActivation));
        for (var sample = 0; sample < Batch; sample++)
        {
            var range = Enumerable.Range(sample * size, size).ToList();
            var products = map.Products[sample];
            double ss = range.Sum(i => s[i] * s[i]), tt = range.Sum(i => t[i] * t[i]), st = range.Sum(i => s[i] * t[i]);
            Assert.Equal(ss, products.StudentStudent, 1e-6 * ss);
            Assert.Equal(tt, products.TeacherTeacher, 1e-6 * tt);
            Assert.Equal(st, products.StudentTeacher, 1e-6 * Math.Sqrt(ss * tt));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_leaves_the_gradient_of_the_loss_also_where_activations_replace_the_maps(DataType type, int size)
    {
        foreach (var inPlace in new[] { false, true })
        {
            using var data = new Data(type, size);
            var (value, s) = data.Random();
            var (map, t) = data.Map(inPlace);
            var activation = inPlace ? value : data.Empty();
            Pass.Relu(value, activation, Batch, map).Run();
            double[] expected = [.. s.Select((x, i) => (map.Results[i / size].Student * x) + (map.Results[i / size].Teacher * t[i]))];
            Closeness.AssertClose(expected, data.Read(map.Gradient!), type == DataType.BFloat16 ? 1.01 / 256 : 1e-6);
            Assert.Equal(s.Select(x => Math.Max(x, 0)), data.Read(activation));
            Assert.Equal(t.Select(x => Math.Max(x, 0)), data.Read(map.OriginalActivation));
            Assert.All(map.Results, result => Assert.Equal(0.5f * 2 * 3, result.Student));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_rectifies_both_networks_where_there_is_no_loss(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, s) = data.Random();
        var (map, t) = data.Map();
        map.Loss = null;
        var activation = data.Empty();
        Pass.Relu(value, activation, Batch, map).Run();
        Assert.Equal(s.Select(x => Math.Max(x, 0)), data.Read(activation));
        Assert.Equal(t.Select(x => Math.Max(x, 0)), data.Read(map.OriginalActivation));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_backward_passes_the_gradient_where_the_value_is_positive(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, z) = data.Random();
        var (first, g) = data.Random();
        var result = data.Empty();
        Pass.ReluBackward(value, first, null, result).Run();
        Assert.Equal(z.Select((x, i) => x > 0 ? g[i] : 0), data.Read(result));
        // In place.
        Pass.ReluBackward(value, first, null, first).Run();
        Assert.Equal(data.Read(result), data.Read(first));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_backward_adds_two_gradients_first(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, z) = data.Random();
        var (first, g) = data.Random();
        var (second, h) = data.Random();
        var result = data.Empty();
        Pass.ReluBackward(value, first, second, result).Run();
        Assert.Equal(BFloat16.Stored(z.Select((x, i) => x > 0 ? (double)((float)g[i] + (float)h[i]) : 0), type), data.Read(result));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_backward_adds_the_feature_gradient_everywhere(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (activation, a) = data.Random();
        var (first, g) = data.Random();
        var (second, h) = data.Random();
        var (map, _) = data.Map();
        (map.Gradient, var own) = data.Random();
        var result = data.Empty();
        Pass.ReluBackward(activation, first, second, result, map).Run();
        double[] expected = [.. a.Select((x, i) => (x > 0 ? g[i] + h[i] : 0) + own[i])];
        // Half a bit of what is stored, and a little of float32 before it.
        Closeness.AssertClose(expected, data.Read(result), type == DataType.BFloat16 ? 1.01 / 256 : 1e-6);

        map.Loss = null;
        Pass.ReluBackward(activation, first, null, result, map).Run();
        Assert.Equal(a.Select((x, i) => x > 0 ? g[i] : 0), data.Read(result));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_ceiling_bounds_what_is_positive(DataType type, int size)
    {
        // bfloat16 holds only the first of the two.
        foreach (var ceiling in new[] { 0.75f, 0.7f })
        {
            using var data = new Data(type, size);
            var (value, s) = data.Random();
            var (map, t) = data.Map();
            var most = BFloat16.Stored([ceiling], type)[0];
            var activation = data.Empty();
            Pass.Relu(value, activation, Batch, ceiling: ceiling).Run();
            Assert.Equal(s.Select(x => Math.Clamp(x, 0, most)), data.Read(activation));
            Pass.Relu(value, activation, Batch, map, ceiling).Run();
            Assert.Equal(s.Select(x => Math.Clamp(x, 0, most)), data.Read(activation));
            Assert.Equal(t.Select(x => Math.Clamp(x, 0, most)), data.Read(map.OriginalActivation));

            var (first, g) = data.Random();
            var result = data.Empty();
            Pass.ReluBackward(activation, first, null, result, ceiling: ceiling).Run();
            Assert.Equal(s.Select((x, i) => x > 0 && x < most ? g[i] : 0), data.Read(result));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_ceiling_changes_nothing_of_what_is_measured(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (value, _) = data.Random();
        var (map, _) = data.Map();
        Pass.Relu(value, data.Empty(), Batch, map).Run();
        var (products, gradient) = (map.Products.ToArray(), data.Read(map.Gradient!));
        Pass.Relu(value, data.Empty(), Batch, map, 0.7f).Run();
        Assert.Equal(products, map.Products);
        Assert.Equal(gradient, data.Read(map.Gradient!));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sum_adds_element_by_element_into_any_of_the_three(DataType type, int size)
    {
        using var data = new Data(type, size);
        var (first, x) = data.Random();
        var (second, y) = data.Random();
        var result = data.Empty();
        var expected = BFloat16.Stored(x.Zip(y, (a, b) => (double)((float)a + (float)b)), type);
        Pass.Sum("sum", first, second, result).Run();
        Assert.Equal(expected, data.Read(result));
        Pass.Sum("sum", first, second, second).Run();
        Assert.Equal(expected, data.Read(second));
        Pass.Sum("sum", first, first, first).Run();
        Assert.Equal(x.Select(a => 2 * a), data.Read(first));
    }

    [Fact]
    public void Passes_refuse_memories_in_different_layouts()
    {
        using var data = new Data(DataType.Float32, 6);
        var other = data.Own(new Memory(data.Engine, MemoryDescriptor.Transposed(DataType.Float32, Batch, 6)));
        var plain = data.Own(new Memory(data.Engine, MemoryDescriptor.RowMajor(DataType.Float32, Batch, 6)));
        var message = Assert.Throws<ArgumentException>(() => Pass.Sum("sum", plain, other, plain)).Message;
        Assert.StartsWith("An element-wise pass needs one layout", message);
        Assert.Throws<ArgumentException>(() => Pass.ReluBackward(plain, plain, other, plain));
        Assert.Throws<ArgumentException>(() =>
            Pass.Relu(plain, plain, Batch, new FeatureMap(0, 1, other, other, 1, Batch) { Gradient = plain }));
    }

    /// <summary>Memories of [3, size] elements.</summary>
    private sealed class Data(DataType type, int size) : IDisposable
    {
        private readonly List<IDisposable> _owned = [];
        private readonly Generator _random = new((ulong)size);

        internal CpuEngine Engine { get; } = new();

        internal T Own<T>(T resource) where T : IDisposable
        {
            _owned.Add(resource);
            return resource;
        }

        internal Memory Empty() => Own(new Memory(Engine, MemoryDescriptor.RowMajor(type, Batch, size)));

        internal (Memory Memory, double[] Values) Random()
        {
            var memory = Empty();
            var values = BFloat16.Stored(Enumerable.Range(0, Batch * size).Select(_ => _random.NextNormal()), type);
            for (var i = 0; i < values.Length; i++)
                if (type == DataType.BFloat16)
                    memory.AsSpan<ushort>()[i] = BFloat16.Bits(values[i]);
                else
                    memory.AsSpan<float>()[i] = (float)values[i];
            return (memory, values);
        }

        /// <summary>A map of the original with a loss of no meaning.</summary>
        internal (FeatureMap Map, double[] Original) Map(bool inPlace = false)
        {
            var (original, values) = Random();
            return (new FeatureMap(0, 1, original, inPlace ? original : Empty(), weight: 2, Batch)
            {
                Gradient = Empty(),
                Loss = products => (products.StudentTeacher, 0.5, products.StudentTeacher / products.TeacherTeacher),
                Scale = 3,
            }, values);
        }

        internal double[] Read(Memory memory) => type == DataType.BFloat16
            ? [.. memory.AsSpan<ushort>().ToArray().Select(BFloat16.Value)]
            : [.. memory.AsSpan<float>().ToArray().Select(value => (double)value)];

        public void Dispose()
        {
            _owned.ForEach(resource => resource.Dispose());
            Engine.Dispose();
        }
    }
}
