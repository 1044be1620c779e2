using Nern.Engine;
using Nern.Forward;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.Orderings;
using Nern.Paths;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Tests.Forward;

public class ForwardPassTests
{
    /// <summary>Of each a predictor with its parameters: all activations, skips and readings, sizes that fill no vector.</summary>
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_the_sum_of_fused_steps_in_order(int seed)
    {
        var (design, parameters) = Draw(seed);
        var found = ForwardPass.PredictAll(design, parameters);

        var expected = Naive(design, parameters);
        for (var l = 0; l < found.Length; l++)
            Assert.Equal(Bits(expected[l]), Bits(found[l]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bits_do_not_depend_on_the_lanes(int seed)
    {
        var (design, parameters) = Draw(seed);
        var four = ForwardPass.PredictAll<FourLanes>(design, parameters, default);

        if (EightLanes.IsSupported)
            Assert.Equal(four.Select(Bits), ForwardPass.PredictAll<EightLanes>(design, parameters, default).Select(Bits));
        if (SixteenLanes.IsSupported)
            Assert.Equal(four.Select(Bits), ForwardPass.PredictAll<SixteenLanes>(design, parameters, default).Select(Bits));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_engine_gives_the_same_but_for_what_float32_rounds(int seed)
    {
        var (design, parameters) = Draw(seed);
        var found = ForwardPass.PredictAll(design, parameters);

        using var engine = new CpuEngine();
        using var plan = new PredictorPlan(engine, design, Precision.Float32);
        parameters.CopyTo(plan.Parameters);
        plan.ParametersChanged();
        var rows = new float[design.Layout.Kernels * design.Layout.RowSize];
        plan.PredictAll(rows);
        for (var l = 0; l < found.Length; l++)
        {
            var values = new float[found[l].Length];
            design.Layout.ReadPredicted(rows, l, values);
            var scale = values.Max(Math.Abs);
            for (var i = 0; i < values.Length; i++)
                Assert.Equal(values[i], found[l][i], scale * 2e-5);
        }
    }

    [Fact]
    public void It_ends_early_when_asked()
    {
        var (design, parameters) = Draw(0);

        Assert.ThrowsAny<OperationCanceledException>(() => ForwardPass.PredictAll(design, parameters, new CancellationToken(canceled: true)));
    }

    private static (PredictorDesign Design, float[] Parameters) Draw(int seed)
    {
        var random = new Random(seed);
        var reading = (KernelReading)(seed % 4);
        var layers = Enumerable.Range(0, random.Next(1, 4)).Select(l => new LearnableLayer(
            $"layer{l}", random.Next(1, 40), random.Next(1, 40), seed % 3 == 0 ? 3 : random.Next(1, 4), seed % 3 == 0 ? 3 : random.Next(1, 4)))
            .ToArray();
        var layout = new KernelLayout(layers, reading, seed % 3 == 1 ? [.. layers.Select(_ => random.Next(-60, 61))] : null);
        if (seed % 2 == 1)
            layout = layout.With([.. layers.Select((layer, l) => (ReadOnlyMemory<int>)SortedValues.OrderOf(
                layout, l, [.. Enumerable.Range(0, layer.Kernels * layer.KernelSize).Select(_ => random.NextSingle())]))]);
        if (seed % 5 < 3)
            layout = layout.WithMeans([.. layers.Select(layer =>
                (ReadOnlyMemory<float>)Enumerable.Range(0, layer.Filters).Select(_ => random.NextSingle()).ToArray())]);
        var orderings = layers.Select((layer, l) =>
        {
            int[] kernels = [.. Enumerable.Range(0, layer.Filters * layout.Blocks[l])];
            random.Shuffle(kernels);
            return Ordering.CrossFilter(layer.Filters, layout.Blocks[l], kernels);
        }).ToArray();
        var design = new PredictorDesign(
            layout, orderings, (CoordinateNormalization)(seed % 3), new PositionalEmbedding(1.3, random.Next(1, 12)), random.Next(1, 70),
            random.Next(2, 6), (Activation)(seed % 5), (SkipKind)(seed / 5 % 3));
        var parameters = new float[design.Shape.ParameterCount];
        for (var layer = 0; layer < design.Shape.Depth; layer++)
            foreach (ref var value in parameters.AsSpan(
                design.Shape.WeightOffset(layer), design.Shape.RowsOf(layer) * (design.Shape.ColumnsOf(layer) + 1)))
                value = (float)((random.NextDouble() - 0.5) * 3 / Math.Sqrt(design.Shape.ColumnsOf(layer)));
        return (design, parameters);
    }

    /// <summary>The definition in docs/formats.md, word for word.</summary>
    private static float[][] Naive(PredictorDesign design, float[] parameters)
    {
        var (shape, layout, coordinates) = (design.Shape, design.Layout, design.CreateCoordinates());
        var pooling = KernelPooling.Of(layout);
        var rows = new float[layout.Kernels * layout.RowSize];
        for (var kernel = 0; kernel < layout.Kernels; kernel++)
        {
            var size = design.Embedding.Size;
            var sums = new float[Coordinates.Axes][];
            for (var axis = 0; axis < sums.Length; axis++)
            {
                var embedded = new float[size];
                design.Embedding.Embed(axis, coordinates.Values(axis)[coordinates.Indices(axis)[kernel]], embedded);
                sums[axis] = Product(0, axis * size, embedded, isBiased: axis == 0);
            }
            var hidden = Activated([.. Enumerable.Range(0, shape.Hidden).Select(i => sums[0][i] + sums[1][i] + sums[2][i])]);
            var first = hidden;
            for (var layer = 1; layer < shape.Depth - 1; layer++)
            {
                var next = Activated(Product(layer, 0, hidden, isBiased: true));
                var added = shape.Skip switch { SkipKind.Residual => hidden, SkipKind.Input => first, _ => null };
                hidden = added is null ? next : [.. next.Zip(added, (a, b) => a + b)];
            }
            var row = rows.AsSpan(kernel * layout.RowSize, layout.RowSize);
            Product(shape.Depth - 1, 0, hidden, isBiased: true).CopyTo(row);
            pooling?.Pool(kernel, row, new int[layout.RowSize]);
        }
        return
        [
            .. layout.Layers.Select((layer, l) =>
            {
                var values = new float[layer.Kernels * layer.KernelSize];
                layout.Read(rows, l, values);
                if (layout.Means is { } means)
                    for (var filter = 0; filter < layer.Filters; filter++)
                    {
                        var own = values.AsSpan(filter * layer.Channels * layer.KernelSize, layer.Channels * layer.KernelSize);
                        var sum = 0.0;
                        for (var i = 0; i < own.Length; i++)
                            sum += own[i];
                        var shift = (float)(means[l].Span[filter] - (sum / own.Length));
                        for (var i = 0; i < own.Length; i++)
                            own[i] += shift;
                    }
                return values;
            }),
        ];

        float[] Product(int layer, int from, float[] inputs, bool isBiased)
        {
            var sums = new float[shape.RowsOf(layer)];
            for (var output = 0; output < sums.Length; output++)
            {
                sums[output] = isBiased ? parameters[shape.BiasOffset(layer) + output] : 0;
                for (var i = 0; i < inputs.Length; i++)
                    sums[output] = MathF.FusedMultiplyAdd(
                        inputs[i], parameters[shape.WeightOffset(layer) + (output * shape.ColumnsOf(layer)) + from + i], sums[output]);
            }
            return sums;
        }

        float[] Activated(float[] values)
        {
            float[] padded = [.. values, .. new float[(4 - (values.Length % 4)) % 4]];
            Activations<FourLanes>.Apply(shape.Activation, padded);
            return padded[..values.Length];
        }
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
