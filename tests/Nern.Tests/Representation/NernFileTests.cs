using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Fitting;
using Nern.Kernels;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Checkpoints;

namespace Nern.Tests.Representation;

public sealed class NernFileTests
{
    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void Load_returns_what_Save_wrote(OrderingKind kind)
    {
        var saved = ExampleRepresentation.Create(kind);

        var loaded = NernBytes.Load(NernBytes.Of(saved));

        Assert.Equal(Describe(saved.Graph), Describe(loaded.Graph));
        Assert.Equal(saved.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.Equal(saved.Design!.Layout.Layers, loaded.Design!.Layout.Layers);
        Assert.Equal(
            (saved.Design!.Normalization, saved.Design!.Embedding, saved.Design!.Shape),
            (loaded.Design!.Normalization, loaded.Design!.Embedding, loaded.Design!.Shape));
        foreach (var (expected, actual) in saved.Design!.Orderings.Zip(loaded.Design!.Orderings))
        {
            Assert.Equal(expected.Kind, actual.Kind);
            Assert.Equal(expected.KernelAt.ToArray(), actual.KernelAt.ToArray());
            Assert.Equal(expected.FilterPath.ToArray(), actual.FilterPath.ToArray());
            Assert.Equal(expected.ChannelPaths.ToArray(), actual.ChannelPaths.ToArray());
        }
        Assert.Equal(saved.Provenance.Source, loaded.Provenance.Source);
        Assert.Equal(saved.Provenance.Mean, loaded.Provenance.Mean);
        Assert.Equal(saved.Provenance.Std, loaded.Provenance.Std);
        AssertTensors(saved.Tensors, loaded.Tensors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_knows_what_the_network_ends_in(bool isSmall)
    {
        foreach (var endsInFeatures in (bool[])[false, true])
        {
            var plain = ExampleRepresentation.Create(OrderingKind.None);
            var graph = new Graph(plain.Graph.Nodes, endsInFeatures);
            var saved = isSmall ? SmallExample.Rounded(graph)
                : new NeuralRepresentation(graph, plain.Design, plain.Parameters.ToArray(), plain.Tensors, plain.Provenance);

            var loaded = NernBytes.Load(NernBytes.Of(saved));

            Assert.Equal(endsInFeatures, loaded.Graph.EndsInFeatures);
            Assert.Equal(endsInFeatures, loaded.Reconstruct().Graph.EndsInFeatures);
        }
    }

    [Fact]
    public void An_end_that_is_not_known_is_refused()
    {
        var plain = ExampleRepresentation.Create(OrderingKind.None);
        var graph = new Graph(plain.Graph.Nodes, endsInFeatures: true);
        var bytes = NernBytes.Of(new NeuralRepresentation(graph, plain.Design, plain.Parameters.ToArray(), plain.Tensors, plain.Provenance));

        var exception = Assert.Throws<NernException>(() =>
            NernBytes.Load(NernBytes.Changed(bytes, metadata => metadata["nern.outputs"] = "pictures")));

        Assert.Contains("'pictures'; expected features", exception.Message);
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void What_was_loaded_reconstructs_the_same_bits(OrderingKind kind)
    {
        var saved = ExampleRepresentation.Create(kind);

        var loaded = NernBytes.Load(NernBytes.Of(saved));

        AssertTensors(
            [.. saved.Reconstruct().Tensors.Select(t => KeyValuePair.Create(t.Key, (Tensor?)t.Value))],
            [.. loaded.Reconstruct().Tensors.Select(t => KeyValuePair.Create(t.Key, (Tensor?)t.Value))]);
    }

    [Fact]
    public void A_stream_is_read_like_a_file()
    {
        var bytes = NernBytes.Of(ExampleRepresentation.Create(OrderingKind.CrossFilter));

        Assert.Equal(NernBytes.Load(bytes).ToOnnx(), NernFile.Load(new MemoryStream(bytes)).ToOnnx());
        bytes[^1] ^= 1;
        Assert.StartsWith("'the stream' was altered", Assert.Throws<NernException>(() => NernFile.Load(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void Safetensors_written_to_a_stream_are_those_of_a_file()
    {
        var network = ExampleRepresentation.Create(OrderingKind.InFilter).Reconstruct();
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();

        network.WriteSafetensors(stream);
        NetworkFile.Save(folder.File("a.safetensors"), network);

        Assert.Equal(File.ReadAllBytes(folder.File("a.safetensors")), stream.ToArray());
    }

    [Fact]
    public void A_predictor_of_numbers_that_are_not_finite_is_no_network()
    {
        var example = ExampleRepresentation.Create(OrderingKind.None);
        var parameters = example.Parameters.ToArray();
        parameters[^1] = float.PositiveInfinity;
        var broken = new NeuralRepresentation(example.Graph, example.Design, parameters, example.Tensors, example.Provenance);

        Assert.Matches("The predictor gives .* as element [0-9]+ of '.*'; expected finite numbers.", Assert.Throws<NernException>(() => broken.Reconstruct()).Message);
    }

    public static TheoryData<string> Variants => [.. Options.Keys];

    private static readonly Dictionary<string, FitOptions> Options = new()
    {
        ["sine"] = new() { Predictor = new() { Activation = Activation.Sine } },
        ["random features"] = new() { Predictor = new() { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingScales = new(1, 2, 0.5) } },
        ["pooled by mean"] = new() { Predictor = new() { KernelReading = KernelReading.Average } },
        ["pooled by maximum"] = new() { Predictor = new() { KernelReading = KernelReading.Max } },
        ["in blocks"] = new() { Predictor = new() { KernelReading = KernelReading.Block, ValueOrder = ValueOrder.None } },
        ["in sorted blocks"] = new() { Predictor = new() { KernelReading = KernelReading.Block, ValueOrder = ValueOrder.Sorted } },
        ["of sorted values"] = new() { Predictor = new() { KernelReading = KernelReading.Middle, ValueOrder = ValueOrder.Sorted } },
        ["in units of the layers"] = new() { Predictor = new() { LayerUnits = LayerUnits.PowerOfTwo } },
        ["with means of filters"] = new() { Predictor = new() { FilterMeans = FilterMeans.Stored } },
        ["residual"] = new() { Predictor = new() { Skip = SkipKind.Residual } },
        ["input"] = new() { Predictor = new() { Skip = SkipKind.Input, Activation = Activation.LeakyRelu } },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_the_predictor_is_like_is_kept(string variant)
    {
        var saved = ExampleRepresentation.Create(OrderingKind.None, options: Options[variant]);

        var loaded = NernBytes.Load(NernBytes.Of(saved));

        Assert.Equal(
            (saved.Design!.Shape, saved.Design!.Embedding, saved.Design!.Reading),
            (loaded.Design!.Shape, loaded.Design!.Embedding, loaded.Design!.Reading));
        Assert.Equal(saved.Design!.Layout.Exponents, loaded.Design!.Layout.Exponents);
        Assert.Equal(
            saved.Design!.Layout.ValueOrders?.Select(order => order.ToArray()), loaded.Design!.Layout.ValueOrders?.Select(order => order.ToArray()));
        Assert.Equal(saved.Design!.Layout.Means?.Select(of => of.ToArray()), loaded.Design!.Layout.Means?.Select(of => of.ToArray()));
        Assert.Equal(NernBytes.Of(saved), NernBytes.Of(loaded));
        var (name, plain) = (saved.Design!.Layout.Layers[^1].Weight, ExampleRepresentation.Create(OrderingKind.None));
        Assert.Equal(saved.Reconstruct().Values(name), loaded.Reconstruct().Values(name));
        Assert.NotEqual(plain.Reconstruct().Values(name), loaded.Reconstruct().Values(name));
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    [InlineData(OrderingKind.CrossFilter, true)]
    public void Blocks_and_their_orders_are_kept(OrderingKind kind, bool sorted = false)
    {
        var saved = ExampleRepresentation.Create(kind, "squeeze", options: Options[sorted ? "in sorted blocks" : "in blocks"]);

        var bytes = NernBytes.Of(saved);
        var loaded = NernBytes.Load(bytes);

        Assert.Equal((KernelReading.Block, saved.Design!.Layout.Kernels), (loaded.Design!.Reading, loaded.Design!.Layout.Kernels));
        Assert.Equal(
            saved.Design!.Orderings.Select(order => order.KernelAt.ToArray()),
            loaded.Design!.Orderings.Select(order => order.KernelAt.ToArray()));
        AssertTensors(
            [.. saved.Reconstruct().Tensors.Select(t => KeyValuePair.Create(t.Key, (Tensor?)t.Value))],
            [.. loaded.Reconstruct().Tensors.Select(t => KeyValuePair.Create(t.Key, (Tensor?)t.Value))]);
        // The classifier's 12 channels are blocks of nine and of three.
        var tensors = SafetensorsReader.Read(bytes, "test").Tensors;
        Assert.Equal(sorted, tensors.ContainsKey("ordering.stream"));
        if (kind == OrderingKind.CrossFilter && !sorted)
            Assert.Equal([4, 2], tensors["ordering.classifier"].Shape);
        if (kind == OrderingKind.Axes)
            Assert.Equal([2], tensors["ordering.classifier.channels"].Shape);
    }

    [Fact]
    public void A_file_without_the_orders_of_its_values_or_with_others_is_refused()
    {
        const string Name = "ordering.stream";
        var file = NernBytes.Of(ExampleRepresentation.Create(OrderingKind.None, "squeeze", options: Options["in sorted blocks"]));

        Assert.Contains($"the bytes {Name} are missing", Refused(tensors => tensors.Remove(Name)));
        Assert.Contains("its numbers end", Refused(tensors => tensors[Name] = Bytes(tensors[Name].Data.ToArray()[..^8])));
        Assert.Contains("its numbers go on", Refused(tensors => tensors[Name] = Bytes([.. tensors[Name].Data.ToArray(), .. new byte[7], 1])));

        string Refused(Action<OrderedDictionary<string, Tensor>> change) =>
            Assert.Throws<NernException>(() => NernBytes.Load(NernBytes.Changed(file, tensors: change))).Message;
        static Tensor Bytes(byte[] bytes) => new(ElementType.UInt8, [bytes.Length], bytes);
    }

    [Fact]
    public void Where_there_is_nothing_smaller_blocks_are_not_mentioned() => Assert.Equal(
        NernBytes.Of(ExampleRepresentation.Create(OrderingKind.CrossFilter, "residual A")),
        NernBytes.Of(ExampleRepresentation.Create(
            OrderingKind.CrossFilter, "residual A",
            options: ExampleRepresentation.Options with
            {
                Predictor = ExampleRepresentation.Options.Predictor with { KernelReading = KernelReading.Block },
            })));

    [Fact]
    public void Files_from_before_there_were_choices_are_read_as_they_were_written_and_still_written_so()
    {
        const string Design = """
            {"layers":["conv1","block1.conv1","block1.conv2","block2.conv1","block2.conv2","shortcut"],"ordering":"none",
            "coordinates":"local","embeddingBase":1.1,"embeddingLevels":3,"hidden":8,"depth":3}
            """;
        var bytes = NernBytes.Of(OrderingKind.None);
        var old = NernBytes.Changed(bytes, metadata => metadata["nern.design"] = Design);

        Assert.Equal(bytes, NernBytes.Of(NernBytes.Load(old)));
        var written = SafetensorsReader.Read(bytes, "test").Metadata["nern.design"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Design), JsonNode.Parse(written)), written);
    }

    [Theory]
    [InlineData("residual A")]
    [InlineData("squeeze")]
    [InlineData("average pool")]
    [InlineData("two branches")]
    [InlineData("flattened map")]
    [InlineData("twice the same")]
    [InlineData("shared value")]
    public void Every_kind_of_node_is_kept(string graph)
    {
        var bytes = NernBytes.Of(ExampleRepresentation.Create(OrderingKind.InFilter, graph));

        Assert.Equal(bytes, NernBytes.Of(NernBytes.Load(bytes)));
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void The_same_representation_gives_the_same_bytes(OrderingKind kind)
    {
        var bytes = NernBytes.Of(kind);

        Assert.Equal(bytes, NernBytes.Of(kind));
        Assert.Equal(bytes, NernBytes.Of(NernBytes.Load(bytes)));
    }

    [Fact]
    public void The_size_of_the_file_is_known_before_it_is_written()
    {
        var representation = ExampleRepresentation.Create(OrderingKind.InFilter);

        Assert.Equal(NernBytes.Of(representation).Length, NernFile.SizeOf(representation));
    }

    [Fact]
    public void The_file_is_a_safetensors_file_with_names_of_its_own()
    {
        var representation = ExampleRepresentation.Create(OrderingKind.InFilter);

        var file = SafetensorsReader.Read(NernBytes.Of(representation), "test");

        Assert.Equal(
            ["format", "nern.design", "nern.digest", "nern.graph", "nern.provenance", "nern.tensors", "nern.version"],
            file.Metadata.Keys.Order());
        Assert.Equal(("nern", "1"), (file.Metadata["format"], file.Metadata["nern.version"]));
        string[] convolutions = ["conv1", "block1.conv1", "block1.conv2", "block2.conv1", "block2.conv2", "shortcut"];
        Assert.Equal(
            [
                .. Enumerable.Range(0, 3).SelectMany(layer => new[] { $"predictor.{layer}.weight", $"predictor.{layer}.bias" }),
                .. convolutions.SelectMany(name => new[] { $"ordering.{name}.filters", $"ordering.{name}.channels" }),
                .. representation.Tensors.Where(tensor => tensor.Value is not null).Select(tensor => $"network.{tensor.Key}"),
            ],
            file.Names);
        Assert.Equal([8, 18], file.Tensors["predictor.0.weight"].Shape);
        Assert.Equal([9], file.Tensors["predictor.2.bias"].Shape);
        Assert.Equal([12, 6], file.Tensors["ordering.shortcut.channels"].Shape);
        Assert.Equal(ElementType.UInt8, file.Tensors["ordering.shortcut.channels"].Type);
        Assert.Equal(ElementType.Float16, file.Tensors["network.linear.bias"].Type);
    }

    [Fact]
    public void The_digest_is_the_hash_of_the_file_with_zeros_in_its_place()
    {
        var bytes = NernBytes.Of(OrderingKind.None);
        var digest = SafetensorsReader.Read(bytes, "test").Metadata["nern.digest"];

        var text = System.Text.Encoding.Latin1.GetString(bytes).Replace(digest, new string('0', 64));

        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.Latin1.GetBytes(text))));
    }

    [Fact]
    public void Long_orders_take_wider_integers()
    {
        Assert.Equal(ElementType.UInt8, Stored(16, 16));
        Assert.Equal(ElementType.Int16, Stored(16, 17));
        Assert.Equal(ElementType.Int16, Stored(128, 256));
        Assert.Equal(ElementType.Int32, Stored(129, 256));

        static ElementType Stored(int filters, int channels)
        {
            int[] order = [.. Enumerable.Range(0, filters * channels)];
            new Generator(1).Shuffle(order.AsSpan());
            var tensors = StoredOrdering.Write("conv", Ordering.CrossFilter(filters, channels, order)).ToDictionary();
            Assert.Equal(order, StoredOrdering.Read("conv", filters, channels, OrderingKind.CrossFilter, tensors).KernelAt.ToArray());
            return tensors["ordering.conv"].Type;
        }
    }

    [Fact]
    public void IsNern_looks_at_the_beginning_of_a_file()
    {
        using var folder = new TemporaryFolder();
        var (nern, other) = (folder.File("a.nern"), folder.File("b.nern"));
        var bytes = NernBytes.Of(OrderingKind.None);
        File.WriteAllBytes(nern, bytes);
        File.WriteAllBytes(other, TestFiles.Safetensors("{\"__metadata__\":{\"format\":\"pt\"}}"));

        Assert.True(NernFile.IsNern(nern));
        Assert.False(NernFile.IsNern(other));
        Assert.False(NernFile.IsNern(folder.File("none")));
        Assert.False(NernFile.IsNern(folder.FullName));
        File.WriteAllBytes(nern, bytes[..20]);
        Assert.False(NernFile.IsNern(nern));
    }

    [Fact]
    public void Files_that_are_no_nern_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("b.nern");

        Assert.Contains("found no such file", Refused());
        File.WriteAllBytes(path, []);
        Assert.Contains("is not a .nern file", Refused());
        File.WriteAllBytes(path, TestFiles.Safetensors("{\"__metadata__\":{\"format\":\"pt\"}}"));
        Assert.Contains("is not a .nern file", Refused());

        string Refused() => Assert.Throws<NernException>(() => NernFile.Load(path)).Message;
    }

    private static IEnumerable<string> Describe(Graph graph) =>
        graph.Nodes.Select(node => $"{node with { Inputs = new int[0] }} of {string.Join(", ", node.Inputs)}");

    private static void AssertTensors(
        IReadOnlyList<KeyValuePair<string, Tensor?>> expected, IReadOnlyList<KeyValuePair<string, Tensor?>> actual)
    {
        Assert.Equal(expected.Select(tensor => tensor.Key), actual.Select(tensor => tensor.Key));
        foreach (var ((name, first), (_, second)) in expected.Zip(actual))
        {
            Assert.Equal(first?.Type, second?.Type);
            Assert.Equal(first?.Shape, second?.Shape);
            Assert.True(first is null || first.Data.Span.SequenceEqual(second!.Data.Span), name);
        }
    }
}
