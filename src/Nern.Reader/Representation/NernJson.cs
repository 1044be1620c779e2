using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Nern.Files;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>How the metadata of a .nern file is written and read: camel case, enumerations by name, no unknown members.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, IgnoreReadOnlyProperties = true,
#if NET9_0_OR_GREATER
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
#endif
    Converters =
    [
        typeof(CamelCaseEnum<Activation>), typeof(CamelCaseEnum<ChannelOrder>), typeof(CamelCaseEnum<CoordinateNormalization>),
        typeof(CamelCaseEnum<ElementType>), typeof(CamelCaseEnum<EmbeddingKind>), typeof(CamelCaseEnum<KernelReading>),
        typeof(CamelCaseEnum<OrderingKind>), typeof(CamelCaseEnum<PoolingKind>), typeof(CamelCaseEnum<Shortcut>),
        typeof(CamelCaseEnum<SkipKind>), typeof(CamelCaseEnum<TensorOrder>),
    ])]
[JsonSerializable(typeof(IReadOnlyList<Node>))]
[JsonSerializable(typeof(Node[]))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(DesignRecord))]
[JsonSerializable(typeof(Provenance))]
[JsonSerializable(typeof(SmallHeader))]
internal sealed partial class NernJson : JsonSerializerContext
{
    /// <summary>One entry of the metadata that is a list.</summary>
    internal static T[] ReadList<T>(IReadOnlyDictionary<string, string> metadata, string key, JsonTypeInfo<T[]> type) where T : class =>
        [.. Read(metadata, key, type).Select(entry => entry ?? throw new InvalidDataException($"the metadata {key} has an empty entry."))];

    /// <summary>One entry of the metadata.</summary>
    internal static T Read<T>(IReadOnlyDictionary<string, string> metadata, string key, JsonTypeInfo<T> type) where T : class =>
        metadata.TryGetValue(key, out var text)
            ? JsonSerializer.Deserialize(text, type) ?? throw new InvalidDataException($"the metadata {key} is null.")
            : throw new InvalidDataException($"the metadata {key} is missing.");
}
