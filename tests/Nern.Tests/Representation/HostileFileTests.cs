using System.Text.Json.Nodes;
using Nern.Orderings;
using Nern.Tensors;

namespace Nern.Tests.Representation;

/// <summary>Files with a right digest that say what is not so.</summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly byte[] Plain = NernBytes.Of(OrderingKind.None);
    private static readonly byte[] CrossFilter = NernBytes.Of(OrderingKind.CrossFilter);
    private static readonly byte[] InFilter = NernBytes.Of(OrderingKind.InFilter);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hidden", 16384, "predictor.0.weight is [8, 18] instead of [16384, 18]")]
    [InlineData("hidden", 2147483647, "hidden size")]
    [InlineData("hidden", 1e300, "")]
    [InlineData("hidden", -1, "hidden size")]
    [InlineData("depth", 4, "predictor.2.weight is [9, 8] instead of [8, 8]")]
    [InlineData("depth", 1000000, "linear layers")]
    [InlineData("embeddingLevels", 300, "instead of [8, 1800]")]
    [InlineData("embeddingLevels", 1024, "1.1^1023 is more")]
    [InlineData("embeddingLevels", 1025, "levels")]
    [InlineData("embeddingLevels", 0, "levels")]
    [InlineData("embeddingBase", 0, "base")]
    [InlineData("layers", null, "")]
    [InlineData("ordering", "spiral", "")]
    [InlineData("ordering", 1, "")]
    [InlineData("ordering", "crossFilter", "ordering.conv1 is missing")]
    [InlineData("coordinates", "polar", "")]
    [InlineData("activation", "step", "")]
    [InlineData("activation", 1, "")]
    [InlineData("skip", "rope", "")]
    [InlineData("embedding", "fourier", "")]
    [InlineData("embedding", "gaussian", "predictor.frequencies is missing")]
    [InlineData("kernelReading", "min", "")]
    [InlineData("colour", "red", "")]
    public void A_design_that_does_not_fit_is_refused(string member, object? value, string message) =>
        Refuses(message, NernBytes.ChangedJson(Plain, "nern.design", design => design[member] = JsonValue.Create(value)));

    [Fact]
    public void Designs_of_other_layers_are_refused()
    {
        Refuses("the network has no convolution nothing", Layers("[\"nothing\"]"));
        Refuses("no convolution", Layers("[]"));
        Refuses("a layer twice", Layers("[\"conv1\",\"conv1\"]"));
        Refuses("left out", Layers("[\"conv1\"]"));
        Refuses("", Layers("[null]"));
        Refuses("no convolution bn1", Layers("[\"bn1\"]"));
        foreach (var missing in new[] { "layers", "ordering", "coordinates", "embeddingBase", "embeddingLevels", "hidden", "depth" })
            Refuses(missing, NernBytes.ChangedJson(Plain, "nern.design", design => design.AsObject().Remove(missing)));

        static byte[] Layers(string names) =>
            NernBytes.ChangedJson(Plain, "nern.design", design => design["layers"] = JsonNode.Parse(names));
    }

    [Fact]
    public void Graphs_that_are_none_are_refused()
    {
        Refuses("Gremlin", Node(1, node => node["$type"] = "Gremlin"));
        Refuses("", Node(1, node => node.AsObject().Remove("$type")));
        Refuses("", Node(1, node => node["name"] = null));
        Refuses("name", Node(1, node => node.AsObject().Remove("name")));
        Refuses("", Node(1, node => node["inputs"] = null));
        Refuses("inputs", Node(1, node => node.AsObject().Remove("inputs")));
        Refuses("does not follow its inputs", Node(1, node => node["inputs"]![0] = 7));
        Refuses("does not follow its inputs", Node(1, node => node["inputs"]![0] = -7));
        Refuses("cannot take 1 inputs", Node(0, node => node["inputs"] = new JsonArray(9)));
        Refuses("", Node(1, node => node["secret"] = 1));
        Refuses("impossible shape", Node(0, node => node["shape"]!["height"] = 0));
        Refuses("more than can be held", Node(0, node => node["shape"]!["height"] = int.MaxValue));
        Refuses("", Node(1, node => node["groups"] = 0));
        Refuses("", Node(1, node => node["filters"] = int.MaxValue));
        Refuses("an empty entry", NernBytes.ChangedJson(Plain, "nern.graph", nodes => nodes[1] = null));
        Refuses("", NernBytes.Changed(Plain, m => m["nern.graph"] = "null"));
        Refuses("", NernBytes.Changed(Plain, m => m["nern.graph"] = "[]"));
        Refuses("", NernBytes.Changed(Plain, m => m["nern.graph"] = "{}"));
        Refuses("", NernBytes.Changed(Plain, m => m["nern.graph"] = "[{"));
        Refuses("", NernBytes.Changed(Plain, m => m["nern.graph"] = new string('[', 100_000)));
        foreach (var key in new[] { "nern.graph", "nern.design", "nern.tensors", "nern.provenance" })
            Refuses($"the metadata {key} is missing", NernBytes.Changed(Plain, m => m.Remove(key)));
    }

    [Fact]
    public void Networks_larger_than_the_file_are_refused_before_memory_is_taken()
    {
        // Kernels by the million that no tensor of the file stands for.
        Refuses("", Node(1, node => node["filters"] = 20_000_000));
        Refuses("", Node(1, node => { node["filters"] = 1 << 24; node["kernelHeight"] = 64; node["kernelWidth"] = 64; Pad(node, 64); }));
        Refuses("", Node(1, node => { node["kernelHeight"] = 20_000; node["kernelWidth"] = 20_000; Pad(node, 20_000); }));
        Refuses("", Node(1, node => { node["kernelHeight"] = 60_000; node["kernelWidth"] = 3; Pad(node, 60_000); }));
        Refuses("", NernBytes.ChangedJson(Plain, "nern.design", design =>
        {
            (design["hidden"], design["depth"], design["embeddingLevels"], design["embeddingBase"]) = (16384, 32, 1024, 1.01);
        }));
        // The same ordering read again and again.
        Refuses("twice", NernBytes.ChangedJson(InFilter, "nern.design", design =>
            design["layers"] = new JsonArray([.. Enumerable.Repeat("shortcut", 100_000).Select(name => (JsonNode)name)])));

        static void Pad(JsonNode node, int padding)
        {
            foreach (var side in new[] { "top", "left", "bottom", "right" })
                node["window"]![side] = padding;
        }
    }

    [Fact]
    public void Frequencies_that_make_no_embedding_are_refused()
    {
        Refuses("[3, 2] instead of [3, 3]", Frequencies([3, 2], new float[6]));
        Refuses("got NaN", Frequencies([3, 3], [0, 0, 0, 0, float.NaN, 0, 0, 0, 0]));
        Refuses("at most", Frequencies([3, 3], [0, 0, 0, 0, 0, 0, 0, 0, -1e30f]));
        Refuses("floating-point", With(Gaussian(), "predictor.frequencies", new(ElementType.Int64, [3, 3], new byte[72])));
        Refuses("instead of [3, 0]", NernBytes.ChangedJson(
            Frequencies([3, 3], new float[9]), "nern.design", design => design["embeddingLevels"] = 0));

        static byte[] Gaussian() => NernBytes.ChangedJson(Plain, "nern.design", design => design["embedding"] = "gaussian");
        static byte[] Frequencies(int[] shape, float[] values) => With(Gaussian(), "predictor.frequencies", Tensor.From(shape, values));
    }

    [Fact]
    public void Orderings_that_are_no_permutations_are_refused()
    {
        Refuses("twice", Changed(CrossFilter, "ordering.shortcut", old => old[1] = old[0]));
        Refuses("names 0 to 71; got 200", Changed(CrossFilter, "ordering.shortcut", old => old[1] = 200));
        Refuses("twice", Changed(InFilter, "ordering.shortcut.filters", Array.Clear));
        Refuses("filter 0", Changed(InFilter, "ordering.shortcut.channels", Array.Clear));
        Refuses("ordering.conv1 is missing", NernBytes.Changed(CrossFilter, tensors: t => t.Remove("ordering.conv1")));
        Refuses("instead of integers", With(CrossFilter, "ordering.conv1", new(ElementType.Float32, [6, 3], new byte[72])));
        Refuses("[3, 6] instead of [6, 3]", With(CrossFilter, "ordering.conv1", new(ElementType.UInt8, [3, 6], new byte[18])));
        byte[] negative = [.. Enumerable.Repeat((byte)255, 72)];
        Refuses("got -1", With(CrossFilter, "ordering.conv1", new(ElementType.Int32, [6, 3], negative)));

        static byte[] Changed(byte[] file, string name, Action<byte[]> change) => NernBytes.Changed(file, tensors: tensors =>
        {
            var bytes = tensors[name].Data.ToArray();
            change(bytes);
            tensors[name] = new(tensors[name].Type, tensors[name].Shape, bytes);
        });
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused()
    {
        Refuses("predictor.1.bias is missing", NernBytes.Changed(Plain, tensors: t => t.Remove("predictor.1.bias")));
        Refuses("predictor.1.bias is [4, 2] instead of [8]", With(Plain, "predictor.1.bias", Tensor.From([4, 2], new float[8])));
        Refuses("does not hold floating-point numbers", With(Plain, "predictor.1.bias", new(ElementType.Int64, [8], new byte[64])));
        Refuses("left out", NernBytes.Changed(Plain, tensors: t => t.Remove("network.bn1.bias")));
        Refuses("bn1.bias is [7] instead of [6]", With(Plain, "network.bn1.bias", Tensor.From([7], new float[7])));
        Refuses("bn1.bias is missing", Names(names => Remove(names, "bn1.bias")));
        Refuses("left out", Names(names => Remove(names, "conv1.weight")));
        Refuses("there twice", Names(names => names.Add("bn1.bias")));
        Refuses("left out", Names(names => names.Add("more")));
        Refuses("an empty entry", Names(names => names.Add((JsonNode?)null)));
        Refuses("more is unexpected", With(Names(names => names.Add("more")), "network.more", Tensor.From([1], [1])));

        static byte[] Names(Action<JsonArray> change) => NernBytes.ChangedJson(Plain, "nern.tensors", names => change(names.AsArray()));

        static void Remove(JsonArray names, string name) => names.Remove(names.First(node => (string?)node == name));
    }

    private static byte[] With(byte[] file, string name, Tensor tensor) =>
        NernBytes.Changed(file, tensors: tensors => tensors[name] = tensor);

    private static byte[] Node(int index, Action<JsonNode> change) =>
        NernBytes.ChangedJson(Plain, "nern.graph", nodes => change(nodes[index]!));

    private void Refuses(string message, byte[] bytes)
    {
        var found = Assert.Throws<NernException>(() => NernBytes.LoadBounded(bytes, _folder)).Message;
        Assert.Contains("a.nern' ", found);
        Assert.Contains(message, found);
    }
}
