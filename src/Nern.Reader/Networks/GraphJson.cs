using System.Text.Json.Serialization;
using Nern.Files;

namespace Nern.Networks;

/// <summary>How a file has the nodes of a graph.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, IgnoreReadOnlyProperties = true,
#if NET9_0_OR_GREATER
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
#endif
    Converters = [typeof(CamelCaseEnum<PoolingKind>)])]
[JsonSerializable(typeof(IReadOnlyList<Node>))]
internal sealed partial class GraphJson : JsonSerializerContext;
