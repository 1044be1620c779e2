using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Nern.Cli.Shell;

namespace Nern.Cli.Display.Reports;

/// <summary>Something a command has found out.</summary>
internal interface IReport
{
    /// <summary>For programs.</summary>
    JsonObject ToJson();

    /// <summary>For people.</summary>
    void Write(Terminal terminal);

    /// <summary>Writes it the way that was asked for.</summary>
    /// <exception cref="NernException">Standard output did not take it.</exception>
    void Print(Terminal terminal, bool json)
    {
        if (json)
            terminal.Output.WriteLine(ToJson().ToJsonString(JsonText.Indented));
        else
            Write(terminal);
        terminal.CheckOutput();
    }
}

/// <summary>How JSON is printed: for people and programs, letters as they are.</summary>
internal static class JsonText
{
    internal static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
