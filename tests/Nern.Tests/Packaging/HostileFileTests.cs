using System.Text;
using System.Text.Json.Nodes;
using Nern.Packaging;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Checkpoints;

namespace Nern.Tests.Packaging;

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

        static byte[] Layers(string names) => NernBytes.ChangedJson(Plain, "nern.design", design => design["layers"] = JsonNode.Parse(names));
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
    public void Orderings_that_are_no_permutations_are_refused()
    {
        Refuses("twice", Ordering(CrossFilter, "ordering.shortcut", tensor => tensor.Data.ToArray().Select((value, i) => i == 1 ? tensor.Data.Span[0] : value)));
        Refuses("names 0 to 71; got 200", Ordering(CrossFilter, "ordering.shortcut", tensor => tensor.Data.ToArray().Select((value, i) => i == 1 ? (byte)200 : value)));
        Refuses("twice", Ordering(InFilter, "ordering.shortcut.filters", tensor => new byte[tensor.Count]));
        Refuses("filter 0", Ordering(InFilter, "ordering.shortcut.channels", tensor => new byte[tensor.Count]));
        Refuses("ordering.conv1 is missing", NernBytes.Changed(CrossFilter, tensors: t => t.Remove("ordering.conv1")));
        Refuses(
            "instead of integers",
            NernBytes.Changed(CrossFilter, tensors: t => t["ordering.conv1"] = new(ElementType.Float32, [6, 3], new byte[72])));
        Refuses("[3, 6] instead of [6, 3]", NernBytes.Changed(CrossFilter, tensors: t => t["ordering.conv1"] = new(ElementType.UInt8, [3, 6], new byte[18])));
        Refuses(
            "got -1",
            NernBytes.Changed(CrossFilter, tensors: t => t["ordering.conv1"] = new(ElementType.Int32, [6, 3], Enumerable.Repeat((byte)255, 72).ToArray())));

        static byte[] Ordering(byte[] file, string name, Func<Tensor, IEnumerable<byte>> change) => NernBytes.Changed(
            file, tensors: tensors => tensors[name] = new(tensors[name].Type, tensors[name].Shape, change(tensors[name]).ToArray()));
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused()
    {
        Refuses("predictor.1.bias is missing", NernBytes.Changed(Plain, tensors: t => t.Remove("predictor.1.bias")));
        Refuses("predictor.1.bias is [4, 2] instead of [8]", NernBytes.Changed(Plain, tensors: t => t["predictor.1.bias"] = Tensor.From([4, 2], new float[8])));
        Refuses(
            "does not hold floating-point numbers",
            NernBytes.Changed(Plain, tensors: t => t["predictor.1.bias"] = new(ElementType.Int64, [8], new byte[64])));
        Refuses("left out", NernBytes.Changed(Plain, tensors: t => t.Remove("network.bn1.bias")));
        Refuses("bn1.bias is [7] instead of [6]", NernBytes.Changed(Plain, tensors: t => t["network.bn1.bias"] = Tensor.From([7], new float[7])));
        Refuses("bn1.bias is missing", NernBytes.ChangedJson(Plain, "nern.tensors", names => Remove(names.AsArray(), "bn1.bias")));
        Refuses("left out", NernBytes.ChangedJson(Plain, "nern.tensors", names => Remove(names.AsArray(), "conv1.weight")));
        Refuses("there twice", NernBytes.ChangedJson(Plain, "nern.tensors", names => names.AsArray().Add("bn1.bias")));
        Refuses("left out", NernBytes.ChangedJson(Plain, "nern.tensors", names => names.AsArray().Add("more")));
        Refuses("an empty entry", NernBytes.ChangedJson(Plain, "nern.tensors", names => names.AsArray().Add((JsonNode?)null)));
        Refuses("unexpected", NernBytes.Changed(
            NernBytes.ChangedJson(Plain, "nern.tensors", names => names.AsArray().Add("more")), tensors: t => t["network.more"] = Tensor.From([1], [1])));

        static void Remove(JsonArray names, string name) => names.Remove(names.First(node => (string?)node == name));
    }

    [Fact]
    public void Whatever_is_mutated_the_answer_is_a_sentence_or_a_representation()
    {
        var random = new Generator(5);
        byte[][] files = [Plain, CrossFilter, InFilter];
        var (refused, loaded) = (0, 0);
        using var engine = new CpuEngine();
        for (var i = 0; i < 3000; i++)
        {
            var bytes = NernBytes.WithDigest(Mutate(files[i % files.Length], random));
            try
            {
                var representation = Bounded(bytes);
                loaded++;
                // Now and then: compiling costs far more than reading.
                if (loaded % 50 == 0 && representation.Design.Layout.Kernels < 10_000)
                    representation.Reconstruct(engine);
            }
            catch (NernException exception)
            {
                refused++;
                Assert.True(exception.Message.Length < 1000, exception.Message);
            }
        }
        // Mutations of the numbers change the values only; the rest is refused.
        Assert.True(refused > 1000 && loaded > 100, $"{refused} refused, {loaded} loaded");
    }

    /// <summary>Changes bytes, or repeats, removes or moves pieces of the header, whose length is then corrected more often than not.</summary>
    private static byte[] Mutate(byte[] file, Generator random)
    {
        var headerLength = (int)BitConverter.ToInt64(file);
        var header = file[8..(8 + headerLength)].ToList();
        var data = file[(8 + headerLength)..];
        for (var mutations = 1 + random.NextInt32(3); mutations > 0; mutations--)
        {
            var (start, length) = (random.NextInt32(header.Count), 1 + random.NextInt32(12));
            var piece = header.Skip(start).Take(length).ToArray();
            switch (random.NextInt32(6))
            {
                case 0:
                    header[start] = (byte)random.NextInt32(256);
                    break;
                case 1:
                    header.RemoveRange(start, piece.Length);
                    break;
                case 2:
                    header.InsertRange(random.NextInt32(header.Count), piece);
                    break;
                case 3:
                    // A digit for a digit keeps the JSON whole.
                    var digit = header.FindIndex(start, c => c is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        header[digit] = (byte)('0' + random.NextInt32(10));
                    break;
                case 4:
                    var number = header.FindIndex(start, c => c is >= (byte)'0' and <= (byte)'9');
                    if (number >= 0)
                        header.InsertRange(number, Encoding.ASCII.GetBytes(new[] { "9", "-", "99999999", "1e9", "0.5" }[random.NextInt32(5)]));
                    break;
                default:
                    data[random.NextInt32(data.Length)] = (byte)random.NextInt32(256);
                    break;
            }
        }
        return [.. BitConverter.GetBytes(random.NextInt32(4) == 0 ? headerLength : (long)header.Count), .. header, .. data];
    }

    private static byte[] Node(int index, Action<JsonNode> change) => NernBytes.ChangedJson(Plain, "nern.graph", nodes => change(nodes[index]!));

    private void Refuses(string message, byte[] bytes)
    {
        var found = Assert.Throws<NernException>(() => Bounded(bytes)).Message;
        Assert.Contains("a.nern' ", found);
        Assert.Contains(message, found);
    }

    /// <summary>Loads without taking more memory than a file of that size may.</summary>
    private NeuralRepresentation Bounded(byte[] bytes)
    {
        var path = _folder.File("a.nern");
        File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return NernFile.Load(path);
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= (10L * bytes.Length) + (64 << 20), $"{allocated} bytes for a file of {bytes.Length}");
        }
    }
}
