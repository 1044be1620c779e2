using System.Text.Json;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Safetensors;

/// <summary>The JSON header of a safetensors file: what it says of each tensor, unchecked against the data.</summary>
/// <param name="Entries">The tensors, in the order of the header.</param>
/// <param name="Metadata">The strings below <c>__metadata__</c>.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The key that holds strings about the file instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The longest header read or written, as in the reference implementation.</summary>
    public const int MaximumLength = 100_000_000;

    /// <summary>One tensor: its type and shape, and where its bytes stand in the data section.</summary>
    public readonly record struct Entry(string Name, ElementType Type, int[] Shape, long Begin, long End);

    /// <summary>Parses the header.</summary>
    /// <exception cref="InvalidDataException">It is not JSON of the form that the format prescribes.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
            return ParseRoot(ref reader);
        }
        // The second is what the reader throws for a string that is no valid Unicode.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"has a safetensors header that is not valid JSON: {MalformedFile.Shorten(exception.Message)}", exception);
        }
    }

    private static SafetensorsHeader ParseRoot(ref Utf8JsonReader reader)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>();
        Dictionary<string, string>? metadata = null;
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (ReadKey(ref reader, out var name))
        {
            if (name == MetadataKey)
            {
                if (metadata is not null)
                    throw new InvalidDataException($"names '{MetadataKey}' twice in its safetensors header.");
                metadata = ParseMetadata(ref reader);
                continue;
            }
            if (!names.Add(name))
                throw new InvalidDataException($"names the tensor {MalformedFile.Quote(name)} twice in its safetensors header.");
            entries.Add(ParseEntry(ref reader, name));
        }
        // Throws if anything but white space follows.
        reader.Read();
        return new SafetensorsHeader(entries, metadata ?? []);
    }

    private static Dictionary<string, string> ParseMetadata(ref Utf8JsonReader reader)
    {
        var metadata = new Dictionary<string, string>();
        Expect(ref reader, JsonTokenType.StartObject, $"'{MetadataKey}'");
        while (ReadKey(ref reader, out var key))
        {
            Expect(ref reader, JsonTokenType.String, $"the metadata {MalformedFile.Quote(key)}");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"names the metadata {MalformedFile.Quote(key)} twice in its safetensors header.");
        }
        return metadata;
    }

    private static Entry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        var what = $"the tensor {MalformedFile.Quote(name)}";
        ElementType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, what);
        while (ReadKey(ref reader, out var key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    type = ParseType(ref reader, what);
                    break;
                case "shape" when shape is null:
                    shape = ParseIntegers(ref reader, $"the shape of {what}");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseIntegers(ref reader, $"the data_offsets of {what}");
                    break;
                default:
                    throw new InvalidDataException(
                        $"describes {what} with an unexpected or repeated key {MalformedFile.Quote(key)}; "
                        + "expected dtype, shape and data_offsets once each.");
            }
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw new InvalidDataException($"does not describe {what} in full: expected dtype, shape and two data_offsets.");
        if (shape.Any(dimension => dimension > int.MaxValue))
            throw new InvalidDataException($"gives {what} a dimension of {shape.Max()}; expected at most {int.MaxValue}.");
        return new Entry(name, type.Value, [.. shape.Select(dimension => (int)dimension)], begin, end);
    }

    private static ElementType ParseType(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.String, $"the dtype of {what}");
        var name = reader.GetString()!;
        return SafetensorsTypes.Find(name)
            ?? throw new InvalidDataException(
                $"gives {what} the dtype {MalformedFile.Quote(name)}; expected one of {SafetensorsTypes.Names}.");
    }

    private static List<long> ParseIntegers(ref Utf8JsonReader reader, string what)
    {
        var values = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0)
                throw new InvalidDataException($"has something else than whole numbers from 0 up in {what}.");
            if (values.Count == StoredSize.MaximumRank)
                throw new InvalidDataException($"has more than {StoredSize.MaximumRank} numbers in {what}.");
            values.Add(value);
        }
        return values;
    }

    private static bool ReadKey(ref Utf8JsonReader reader, out string key)
    {
        reader.Read();
        key = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string what)
    {
        reader.Read();
        if (reader.TokenType != token)
            throw new InvalidDataException($"has a safetensors header in which {what} is a JSON {reader.TokenType}; expected {token}.");
    }
}
