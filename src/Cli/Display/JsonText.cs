using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nern.Cli.Display;

/// <summary>How JSON is printed: for people and programs, letters as they are.</summary>
internal static class JsonText
{
    internal static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };
}
