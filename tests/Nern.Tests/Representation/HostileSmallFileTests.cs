using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Orderings;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Fuzzing;
using Xunit.Abstractions;

namespace Nern.Tests.Representation;

/// <summary>Small files with a right digest that say what is not so.</summary>
public sealed class HostileSmallFileTests(ITestOutputHelper output) : IDisposable
{
    // NERN_SMALL_MUTATIONS asks for more of them.
    private static readonly int Mutations =
        int.TryParse(Environment.GetEnvironmentVariable("NERN_SMALL_MUTATIONS"), out var count) ? count : 600;

    // The deepest network with a name, and what a packed header may unfold to.
    private const int Beside = 128 << 20;

    private static readonly byte[] Named = NernBytes.Of(SmallExample.Named());
    private static readonly byte[] Graph = NernBytes.Of(SmallExample.Rounded(ExampleGraphs.Build("residual B")));
    private static readonly byte[] Predicted = NernBytes.Of(SmallExample.Predicted(ExampleRepresentation.Create(OrderingKind.InFilter)));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Altered_files_are_read_or_refused()
    {
        var (random, refused, originals) = (new Generator(1), 0, new[] { Named, Graph, Predicted });
        for (var i = 0; i < Mutations; i++)
        {
            var (original, other) = (originals[i % 3], originals[random.NextInt32(3)]);
            var file = random.NextInt32(4) switch
            {
                0 => SealedMutation.Alter(original, other, random),
                1 => Changed(original, SmallRepresentation.StreamName, bytes => Mutation.Alter(bytes, bytes, random)),
                // A bit is enough to make another stream of all that follows.
                2 => Changed(original, SmallRepresentation.StreamName, bytes =>
                {
                    bytes[random.NextInt32(bytes.Length)] ^= (byte)(1 << random.NextInt32(8));
                    return bytes;
                }),
                _ => ChangedHeader(original, json => Mutation.Alter(json, json, random)),
            };
            try
            {
                // What is read is written, too.
                NernBytes.Of(NernBytes.LoadBounded(file, _folder, Beside));
            }
            catch (NernException exception)
            {
                refused++;
                Assert.Contains("a.nern' ", exception.Message);
                Assert.False(exception.Message.Any(char.IsControl), exception.Message);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"File {i}, {Convert.ToBase64String(file)}", exception);
            }
        }
        output.WriteLine($"{Mutations} files: {Mutations - refused} read, {refused} refused");
        Assert.InRange(refused, Mutations / 50, Mutations - (Mutations / 50));
    }

    [Fact]
    public void Streams_cut_anywhere_are_read_or_refused()
    {
        foreach (var original in new[] { Named, Graph, Predicted })
        {
            var length = Stream(original).Length;
            for (var cut = 0; cut < length; cut += 1 + (length / 40))
                try
                {
                    NernBytes.LoadBounded(Changed(original, SmallRepresentation.StreamName, bytes => bytes[..cut]), _folder, Beside);
                }
                catch (NernException exception)
                {
                    Assert.Contains("a.nern' ", exception.Message);
                }
        }
    }

    [Fact]
    public void Networks_larger_than_the_stream_are_refused_before_memory_is_taken()
    {
        Refuses("more weights than its bytes can hold", Json(Named, header => header["architecture"]!["logits"] = 20_000_000));
        Refuses("", Json(Named, header => header["architecture"]!["logits"] = int.MaxValue));
        Refuses("", Json(Named, header => header["architecture"]!["logits"] = -1));
        Refuses("", Json(Named, header => header["architecture"]!["name"] = "resnet9998"));
        Refuses("", Json(Named, header => header["architecture"]!["name"] = "gremlin"));
        Refuses("", Json(Named, header => header["architecture"]!["name"] = null));
        Refuses("", Json(Named, header => header["architecture"] = null));
        Refuses("", Json(Named, header => header["order"] = "counted"), mayRead: true);
        Refuses("", Json(Graph, header => header["graph"]![1]!["filters"] = 20_000_000));
        Refuses("", Json(Graph, header => header["graph"]![1] = null));
        foreach (var kind in new[] { "none", "inFilter", "crossFilter" })
        {
            Refuses("", Json(Predicted, header =>
            {
                header["graph"]![1]!["filters"] = 20_000_000;
                header["design"]!["ordering"] = kind;
            }));
        }
        Refuses("", Json(Predicted, header => (header["design"]!["hidden"], header["design"]!["depth"]) = (16384, 32)));
        Refuses("", Json(Predicted, header => header["design"]!["embeddingLevels"] = 1_000_000));
        Refuses("", Json(Predicted, header => header["design"]!["layers"] = new JsonArray()));
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused()
    {
        Refuses("it names a tensor that the network does not have", Json(Predicted, header => header["tensors"] = new JsonArray("more")));
        Refuses("names no tensors", Json(Named, header => header.AsObject().Remove("order")));
        Refuses("", Json(Predicted, header => header["tensors"]!.AsArray().Add(header["tensors"]![3]!.DeepClone())));
        Refuses("", Json(Named, header => header["colour"] = 1));
        Refuses("", Json(Named, header => header.AsObject().Remove("provenance")));
        Refuses("the bytes tensors are missing", NernBytes.Changed(Named, tensors: parts => parts.Remove("tensors")));
        Refuses("the bytes header are missing", NernBytes.Changed(Named, tensors: parts => parts.Remove("header")));
        Refuses("", NernBytes.Changed(Named, tensors: parts => parts["header"] = Tensor.From([4], new float[4])));
        // A stream of zeros is one of ones: every form is the last, raw bytes, for which it is too short.
        Refuses("more weights than its bytes can hold", Changed(Named, "tensors", bytes => new byte[bytes.Length]));
    }

    [Fact]
    public void What_holds_no_integers_is_refused()
    {
        // Raw forms throughout; there is no way to write such a file but by hand.
        var small = SmallExample.Named();
        var parts = SmallRepresentation.Write(
            new NeuralRepresentation(small.Graph, null, default, small.Tensors, small.Provenance));
        Refuses("none of its tensors is made of integers", NernBytes.Changed(Named, tensors: tensors =>
        {
            foreach (var (name, tensor) in parts)
                tensors[name] = tensor;
        }));
    }

    [Fact]
    public void Tensors_that_nothing_asks_for_are_refused_by_their_names()
    {
        Refuses("it holds 'extra'; expected header, tensors, onnx.model", Extra("extra"));
        Refuses("it holds 'network.conv1.weight'; expected ", Extra("network.conv1.weight"));

        static byte[] Extra(string name) => NernBytes.Changed(Named, tensors: parts => parts[name] = Tensor.From([1], [1f]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Streams_that_go_on_behind_the_last_tensor_are_refused(byte more) => Refuses(
        "its numbers go on behind the last of its tensors", Changed(Named, "tensors", bytes => [.. bytes, .. new byte[8], more]));

    [Fact]
    public void Streams_that_end_early_are_refused() =>
        Refuses("its numbers end before the last of them", Changed(Named, "tensors", bytes => bytes[..(bytes.Length / 2)]));

    [Fact]
    public void Parts_that_do_not_follow_one_another_are_refused()
    {
        Refuses("the parts of its stream are not one behind another", Json(Named, header => header["cuts"] = new JsonArray(9, 8, 10)));
        Refuses("the parts of its stream are not one behind another", Json(Named, header => header["cuts"] = new JsonArray(-1)));
        Refuses("its numbers end before the last of them", Json(Named, header => header["cuts"]!.AsArray().Add(int.MaxValue)));
        Refuses("", Json(Named, header => header["cuts"] = new JsonArray([.. Enumerable.Repeat(0, 100_000).Select(cut => JsonValue.Create(cut))])));
        Refuses("", Json(Named, header => header.AsObject().Remove("cuts")));
        Refuses("", Json(Named, header => header["cuts"] = null));
    }

    [Fact]
    public void Headers_larger_than_any_network_needs_are_refused()
    {
        // Little packs it, so that how far a part may unfold is not what refuses it.
        var random = new Generator(3);
        var text = string.Concat(Enumerable.Range(0, 5 << 20).Select(_ => (char)('a' + random.NextInt32(26))));
        Refuses("unfolds to more than 4194304 bytes", Json(Named, header => header["provenance"]!["source"]!["file"] = text));
    }

    [Fact]
    public void Bombs_are_not_unfolded()
    {
        var bomb = Compressed(new byte[256 << 20]);
        Refuses("unfolds to more than", Changed(Named, "header", _ => bomb));
        Refuses("unfolds to more than", NernBytes.Changed(
            Named, tensors: parts => parts["onnx.model"] = new(ElementType.UInt8, [bomb.Length], bomb)));
        Refuses("", Changed(Named, "header", bytes => bytes[..^1]));
        Refuses("", Changed(Named, "header", _ => []));
        Refuses("", Changed(Named, "header", _ => Compressed(Encoding.UTF8.GetBytes(new string('[', 10_000)))));
    }

    private static byte[] Stream(byte[] file) => SafetensorsReader.Read(file, "x").Tensors[SmallRepresentation.StreamName].Data.ToArray();

    private static byte[] Changed(byte[] file, string part, Func<byte[], byte[]> change) => NernBytes.Changed(file, tensors: parts =>
    {
        var bytes = change(parts[part].Data.ToArray());
        parts[part] = new(ElementType.UInt8, [bytes.Length], bytes);
    });

    private static byte[] ChangedHeader(byte[] file, Func<byte[], byte[]> change) => Changed(file, "header", bytes =>
    {
        using var decoder = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var json = new MemoryStream();
        decoder.CopyTo(json);
        return Compressed(change(json.ToArray()));
    });

    private static byte[] Json(byte[] file, Action<JsonNode> change) => ChangedHeader(file, json =>
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    });

    private static byte[] Compressed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var encoder = new BrotliStream(stream, CompressionLevel.Fastest))
            encoder.Write(bytes);
        return stream.ToArray();
    }

    private void Refuses(string message, byte[] bytes, bool mayRead = false)
    {
        try
        {
            NernBytes.LoadBounded(bytes, _folder, Beside);
            Assert.True(mayRead, "It was read.");
        }
        catch (NernException exception)
        {
            Assert.Contains("a.nern' ", exception.Message);
            Assert.Contains(message, exception.Message);
        }
    }
}
