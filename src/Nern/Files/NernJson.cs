using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nern.Files;

/// <summary>How the metadata of a .nern file is written and read: camel case, enumerations by name, no unknown members.</summary>
internal static class NernJson
{
    internal static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>One entry of the metadata that is a list.</summary>
    internal static T[] ReadList<T>(IReadOnlyDictionary<string, string> metadata, string key) where T : class =>
        Read<T?[]>(metadata, key).Select(entry => entry ?? throw new InvalidDataException($"the metadata {key} has an empty entry."))
            .ToArray();

    /// <summary>One entry of the metadata.</summary>
    internal static T Read<T>(IReadOnlyDictionary<string, string> metadata, string key) where T : class =>
        metadata.TryGetValue(key, out var text)
            ? JsonSerializer.Deserialize<T>(text, Options) ?? throw new InvalidDataException($"the metadata {key} is null.")
            : throw new InvalidDataException($"the metadata {key} is missing.");
}
