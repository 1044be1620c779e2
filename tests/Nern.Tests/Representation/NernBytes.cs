using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Orderings;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Tests.Representation;

/// <summary>The bytes of .nern files, good and tampered with.</summary>
internal static class NernBytes
{
    private static readonly byte[] DigestKey = Encoding.UTF8.GetBytes("\"nern.digest\":\"");

    internal static byte[] Of(OrderingKind kind) => Of(ExampleRepresentation.Create(kind));

    internal static byte[] Of(NeuralRepresentation representation)
    {
        using var folder = new TemporaryFolder();
        NernFile.Save(folder.File("a.nern"), representation);
        return File.ReadAllBytes(folder.File("a.nern"));
    }

    /// <summary>Loads a file of these bytes.</summary>
    internal static NeuralRepresentation Load(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.nern"), bytes);
        return NernFile.Load(folder.File("a.nern"));
    }

    /// <summary>Loads a file of these bytes, and sees to it that no more memory is taken than a file of that size may need.</summary>
    internal static NeuralRepresentation LoadBounded(byte[] bytes, TemporaryFolder folder, int beside = 64 << 20)
    {
        File.WriteAllBytes(folder.File("a.nern"), bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return NernFile.Load(folder.File("a.nern"));
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= (10L * bytes.Length) + beside, $"{allocated} bytes for a file of {bytes.Length}");
        }
    }

    /// <summary>The file with other metadata and tensors, and a digest that says so.</summary>
    internal static byte[] Changed(
        byte[] file, Action<Dictionary<string, string>>? metadata = null, Action<OrderedDictionary<string, Tensor>>? tensors = null)
    {
        var content = SafetensorsReader.Read(file, "test");
        var entries = new Dictionary<string, string>(content.Metadata);
        var values = new OrderedDictionary<string, Tensor>(content.Tensors);
        metadata?.Invoke(entries);
        tensors?.Invoke(values);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. values], entries);
        return WithDigest(stream.ToArray());
    }

    /// <summary>The file with one entry of its metadata, which is JSON, edited.</summary>
    internal static byte[] ChangedJson(byte[] file, string key, Action<JsonNode> change) => Changed(file, metadata =>
    {
        var json = JsonNode.Parse(metadata[key])!;
        change(json);
        metadata[key] = json.ToJsonString();
    });

    /// <summary>The same bytes with the right digest, where they have the place for one.</summary>
    internal static byte[] WithDigest(byte[] file)
    {
        var key = file.AsSpan().IndexOf(DigestKey);
        var start = key + DigestKey.Length;
        if (key < 0 || start + 64 > file.Length)
            return file;
        file.AsSpan(start, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(file))).CopyTo(file, start);
        return file;
    }
}
