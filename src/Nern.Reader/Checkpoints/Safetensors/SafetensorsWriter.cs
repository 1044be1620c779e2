using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Safetensors;

/// <summary>
/// Writes the safetensors format. The same tensors and metadata always give the same bytes; the header is padded to 8 bytes
/// and wider elements come first in the data, so every tensor is aligned to its element size.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file, atomically: <paramref name="path"/> is either complete or untouched.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="tensors">The tensors under their names, in the order that the header lists them.</param>
    /// <param name="metadata">Strings kept in the file beside the tensors; written in ordinal order of their keys.</param>
    /// <exception cref="NernException">The place cannot be written, or a name is used twice or reserved.</exception>
    public static void Save(
        string path, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes the file's bytes to <paramref name="stream"/>.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors under their names, in the order that the header lists them.</param>
    /// <param name="metadata">Strings kept in the file beside the tensors; written in ordinal order of their keys.</param>
    /// <exception cref="NernException">A name is used twice or reserved.</exception>
    public static void Write(
        Stream stream, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // OrderBy is stable, so tensors of one width keep their order.
        var layout = tensors.OrderByDescending(pair => Tensor.SizeOf(pair.Value.Type)).ToList();
        var header = Header(tensors, Offsets(layout), metadata ?? new Dictionary<string, string>());

        var padding = (Alignment - header.Length % Alignment) % Alignment;
        if (header.Length + padding > SafetensorsHeader.MaximumLength)
            throw new NernException(
                $"The tensors need a safetensors header of {header.Length + padding} bytes; "
                + $"expected at most {SafetensorsHeader.MaximumLength}.");
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        stream.Write("       "u8[..padding]);
        foreach (var (_, tensor) in layout)
            stream.Write(tensor.Data.Span);
    }

    private static Dictionary<string, long> Offsets(IEnumerable<KeyValuePair<string, Tensor>> layout)
    {
        var begins = new Dictionary<string, long>();
        var next = 0L;
        foreach (var (name, tensor) in layout)
        {
            if (name == SafetensorsHeader.MetadataKey || !begins.TryAdd(name, next))
                throw new NernException($"A safetensors file cannot hold a tensor called '{name}': the name is already taken.");
            next += tensor.Data.Length;
        }
        return begins;
    }

    private static ReadOnlySpan<byte> Header(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, long> begins, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The reference writes names as they are; the default encoder would escape every letter outside ASCII.
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        if (metadata.Count > 0)
        {
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        foreach (var (name, tensor) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", SafetensorsTypes.NameOf(tensor.Type));
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begins[name]);
            json.WriteNumberValue(begins[name] + tensor.Data.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
