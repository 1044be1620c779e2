using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nern.Files;

/// <summary>How the metadata of a .nern file has an enumeration: by its names, in camel case.</summary>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
