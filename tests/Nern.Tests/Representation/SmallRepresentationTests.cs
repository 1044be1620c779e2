using System.Runtime.InteropServices;
using Nern.Checkpoints.Safetensors;
using Nern.Coding;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Onnx;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Onnx;

namespace Nern.Tests.Representation;

public class SmallRepresentationTests
{
    private static readonly Dictionary<string, Func<NeuralRepresentation>> Examples = new()
    {
        ["named"] = SmallExample.Named,
        ["residual B"] = () => SmallExample.Rounded(ExampleGraphs.Build("residual B")),
        ["flattened map"] = () => SmallExample.Rounded(ExampleGraphs.Build("flattened map")),
        ["groups"] = () => SmallExample.Rounded(ExampleGraphs.Build("groups")),
        ["factors"] = () => SmallExample.Rounded(ExampleGraphs.Build("factors")),
        ["no order"] = () => SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.None)),
        ["in-filter"] = () => SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.InFilter)),
        ["cross-filter"] = () => SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.CrossFilter)),
        ["random features"] = () => SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.None, options: new FitOptions
        {
            Predictor = new() { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingScales = new(1, 2, 0.5), Skip = SkipKind.Residual },
        })),
        ["blocks"] = () => Blocks(OrderingKind.None, ValueOrder.Sorted),
        ["ordered blocks"] = () => Blocks(OrderingKind.CrossFilter),
        ["unsorted blocks"] = () => Blocks(OrderingKind.CrossFilter, ValueOrder.None),
        ["in units of the layers"] = () => SmallExample.Predicted(ExampleRepresentation.Create(
            OrderingKind.None, options: new() { Predictor = new() { LayerUnits = LayerUnits.PowerOfTwo } })),
        ["means of filters"] = () => SmallExample.Predicted(ExampleRepresentation.Create(
            OrderingKind.None, options: new() { Predictor = new() { FilterMeans = FilterMeans.Stored } })),
        ["axes"] = () => SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.Axes)),
        ["blocks ordered by axes"] = () => Blocks(OrderingKind.Axes, ValueOrder.Sorted),
        ["blocks ordered in filters"] = () => Blocks(OrderingKind.InFilter),
        ["onnx"] = OfModel,
        ["types"] = Types,
        ["names"] = Names,
        ["all zeros"] = Zeros,
    };

    public static TheoryData<string> Cases => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_saved_is_loaded(string example)
    {
        var saved = Examples[example]();
        var bytes = NernBytes.Of(saved);
        using var engine = new CpuEngine();

        var loaded = NernBytes.Load(bytes);

        Assert.Equal("2", SafetensorsReader.Read(bytes, "x").Metadata["nern.version"]);
        Assert.True(loaded.IsSmall);
        Assert.Equal(saved.Coded.Keys.Order(), loaded.Coded.Keys.Order());
        foreach (var (name, matrix) in saved.Coded)
        {
            Assert.Equal(matrix.Integers, loaded.Coded[name].Integers);
            Assert.Equal(matrix.Exponents, loaded.Coded[name].Exponents);
            Assert.Equal(matrix.Step, loaded.Coded[name].Step);
        }
        Assert.Equal(saved.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.Equal(saved.OnnxSkeleton?.ToArray(), loaded.OnnxSkeleton?.ToArray());
        Assert.Equal(saved.Layers, loaded.Layers);
        Assert.Equal(saved.Design?.Reading, loaded.Design?.Reading);
        Assert.Equal(saved.Provenance.Source, loaded.Provenance.Source);
        var (before, after) = (saved.Reconstruct(engine).Tensors, loaded.Reconstruct(engine).Tensors);
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (name, tensor) in before)
        {
            Assert.Equal(tensor.Type, after[name].Type);
            Assert.Equal(tensor.Shape, after[name].Shape);
            Assert.True(tensor.Data.Span.SequenceEqual(after[name].Data.Span), name);
        }
        Assert.Equal(bytes, NernBytes.Of(loaded));
        Assert.Equal(bytes.Length, NernFile.SizeOf(saved));
    }

    [Theory]
    [InlineData("named")]
    [InlineData("cross-filter")]
    [InlineData("random features")]
    public void Integers_and_reconstructions_are_the_same_each_time_and_with_any_number_of_threads(string example)
    {
        var bytes = NernBytes.Of(Examples[example]());
        using var engine = new CpuEngine();
        var expected = Content();
        Assert.Equal(expected, Content());
        Assert.Equal(expected, ParallelRegion.OnOneThread(Content));
        // Two readers at once.
        var others = new byte[2][];
        Thread[] threads = [.. others.Select((_, i) => new Thread(() => others[i] = Content()))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.All(others, other => Assert.Equal(expected, other));

        byte[] Content()
        {
            var loaded = NernFile.Read(bytes, "a.nern");
            using var content = new MemoryStream();
            foreach (var (_, matrix) in loaded.Coded.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                content.Write(MemoryMarshal.AsBytes<int>(
                    [.. matrix.Integers, .. matrix.Exponents, BitConverter.SingleToInt32Bits(matrix.Step)]));
            foreach (var (_, tensor) in loaded.Reconstruct(engine).Tensors)
                content.Write(tensor.Data.Span);
            return content.ToArray();
        }
    }

    [Theory]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void Orders_are_kept(OrderingKind kind)
    {
        var saved = SmallExample.Predicted(ExampleRepresentation.Create(kind));
        var loaded = NernBytes.Load(NernBytes.Of(saved));
        Assert.Equal(
            saved.Design!.Orderings.Select(order => order.KernelAt.ToArray()), loaded.Design!.Orderings.Select(order => order.KernelAt.ToArray()));
    }

    [Fact]
    public void A_small_file_is_smaller() => Assert.InRange(
        NernBytes.Of(SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.CrossFilter))).Length,
        0, NernBytes.Of(OrderingKind.CrossFilter).Length / 3);

    [Fact]
    public void Files_of_the_first_version_are_read_and_others_refused_in_a_sentence()
    {
        var (first, second) = (NernBytes.Of(OrderingKind.None), NernBytes.Of(SmallExample.Named()));
        Assert.False(NernBytes.Load(first).IsSmall);
        Assert.Contains(
            "a.nern' has version 3 of its format; this program reads version 1 and 2.",
            Assert.Throws<NernException>(() => NernBytes.Load(Version(second, "3"))).Message);
        // One that says it is of the other version is none.
        Assert.Throws<NernException>(() => NernBytes.Load(Version(first, "2")));
        Assert.Throws<NernException>(() => NernBytes.Load(Version(second, "1")));

        static byte[] Version(byte[] file, string version) => NernBytes.Changed(file, metadata => metadata["nern.version"] = version);
    }

    [Fact]
    public void What_holds_neither_predictor_nor_integers_is_refused()
    {
        var small = SmallExample.Named();
        var nothing = new NeuralRepresentation(small.Graph, null, default, small.Tensors, small.Provenance);
        Assert.Empty(nothing.Layers);
        Assert.Throws<NernException>(() => NernBytes.Of(nothing));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Networks_that_are_known_are_a_name_in_the_file(string name)
    {
        var graph = ArchitectureRegistry.Build(name);
        var found = ArchitectureName.Of(graph);
        Assert.NotNull(found);
        Assert.Equal(name, found.Name);
        AssertSame(graph, found.Build());
    }

    [Fact]
    public void A_name_is_looked_for_once()
    {
        var graph = ArchitectureRegistry.Build("resnet20");
        Assert.Same(ArchitectureName.Of(graph), ArchitectureName.Of(graph));
    }

    [Fact]
    public void Headers_and_models_that_a_reader_would_refuse_are_not_written()
    {
        var small = SmallExample.Named();
        var source = new NetworkSource(new string('a', 5 << 20), 1, "", "");
        Assert.Contains(
            "The header takes 52", Assert.Throws<NernException>(() => NernBytes.Of(With(new Provenance(source), null))).Message);
        Assert.Contains(
            "The ONNX model without its tensors takes 67108865 bytes; a small file holds up to 67108864.",
            Assert.Throws<NernException>(() => NernBytes.Of(With(small.Provenance, new byte[(64 << 20) + 1]))).Message);

        NeuralRepresentation With(Provenance provenance, byte[]? onnx) => new(small.Graph, null, default, small.Tensors, provenance)
        {
            Coded = small.Coded,
            OnnxSkeleton = onnx is null ? null : (ReadOnlyMemory<byte>?)onnx,
        };
    }

    [Theory]
    [InlineData("resnet20", Shortcut.B, 7, null)]
    [InlineData("resnet56", Shortcut.A, 100, null)]
    [InlineData("resnet50", null, 10, 64)]
    [InlineData("mobilenetv2", null, 3, 96)]
    public void What_a_name_leaves_open_is_kept(string name, object? shortcut, int logits, int? size)
    {
        var graph = new ArchitectureName(name, logits, (Shortcut?)shortcut, size).Build();
        AssertSame(graph, ArchitectureName.Of(graph)!.Build());
    }

    [Fact]
    public void An_altered_network_is_not_taken_for_one_that_is_known()
    {
        var graph = ArchitectureRegistry.Build("resnet20");
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var renamed = graph.Renamed(new Dictionary<string, string> { [graph.Nodes[i].Name] = "other" });
            Assert.Null(ArchitectureName.Of(renamed));
        }
        Assert.Null(ArchitectureName.Of(new Graph([.. graph.Nodes.Select(node => node is BatchNorm norm ? norm with { Epsilon = 1e-3f } : node)])));
        Assert.Null(ArchitectureName.Of(ExampleGraphs.Build("residual A")));
        Assert.Null(ArchitectureName.Of(ExampleGraphs.Build("groups")));
    }

    public static TheoryData<string> Architectures => [.. ArchitectureRegistry.Names];

    private static void AssertSame(Graph expected, Graph actual) => Assert.Equal(
        expected.Nodes.Select(node => $"{node with { Inputs = new int[0] }} of {string.Join(", ", node.Inputs)}"),
        actual.Nodes.Select(node => $"{node with { Inputs = new int[0] }} of {string.Join(", ", node.Inputs)}"));

    private static NeuralRepresentation Blocks(OrderingKind kind, ValueOrder? values = null) => SmallExample.Predicted(ExampleRepresentation.Create(
        kind, "squeeze", options: new() { Predictor = new() { KernelReading = KernelReading.Block, ValueOrder = values } }));

    private static NeuralRepresentation OfModel()
    {
        var model = OnnxFile.Read(OnnxFixture.Bytes("residual"), "x.onnx");
        var rounded = SmallExample.Rounded(model.Tensors, model.Graph, 1);
        return new(rounded.Graph, null, default, rounded.Tensors, rounded.Provenance)
        {
            Coded = rounded.Coded,
            OnnxSkeleton = model.OnnxSkeleton,
        };
    }

    // A counter may be of any type; other tensors of any floating-point one.
    private static NeuralRepresentation Types()
    {
        var random = new Generator(4);
        var rounded = SmallExample.Rounded(ExampleGraphs.Build("residual B"));
        var coded = rounded.Coded.ToDictionary();
        ElementType[] floats = [ElementType.Float64, ElementType.Float32, ElementType.Float16, ElementType.BFloat16];
        var tensors = rounded.Tensors.ToList();
        for (var i = 0; i < tensors.Count; i++)
            if (tensors[i] is { Key: var name, Value: { } tensor } && name.StartsWith("block1", StringComparison.Ordinal))
            {
                tensors[i] = new(name, RandomOf(floats[i % 4], tensor.Shape));
                coded.Remove($"network.{name}");
            }
        foreach (var type in Enum.GetValues<ElementType>())
            tensors.Insert((int)type * 2, new($"{type}.num_batches_tracked", RandomOf(type, [])));
        return new(rounded.Graph, null, default, tensors, rounded.Provenance) { Coded = coded };

        Tensor RandomOf(ElementType type, IReadOnlyList<int> shape)
        {
            float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => 0.5f + random.NextSingle())];
            return floats.Contains(type) ? Tensor.From(shape, values).As(type)
                : new(type, shape, Enumerable.Range(0, values.Length * Tensor.SizeOf(type)).Select(_ => (byte)random.NextInt32(256)).ToArray());
        }
    }

    private static NeuralRepresentation Names() => SmallExample.Rounded(ExampleGraphs.Build("residual A").Renamed(new Dictionary<string, string>
    {
        ["conv1"] = "schön \" \\ / 日本 \t",
        ["block1.conv1"] = "network",
        ["block1.conv2"] = "predictor.0",
        ["linear"] = "🙂.weight",
    }));

    private static NeuralRepresentation Zeros()
    {
        var rounded = SmallExample.Rounded(ExampleGraphs.Build("wide block"));
        var coded = rounded.Coded.ToDictionary(pair => pair.Key, pair => new CodedMatrix(new int[pair.Value.Integers.Length], 1, []));
        return new(
            rounded.Graph, null, default,
            [
                .. rounded.Tensors.Select(pair => coded.ContainsKey($"network.{pair.Key}")
                    ? KeyValuePair.Create(pair.Key, (Tensor?)Tensor.From(pair.Value!.Shape, new float[pair.Value.Count])) : pair),
            ],
            rounded.Provenance)
        { Coded = coded };
    }
}
