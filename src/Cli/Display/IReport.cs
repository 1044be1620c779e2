using System.Text.Json.Nodes;

namespace Nern.Cli.Display;

/// <summary>Something a command has found out.</summary>
internal interface IReport
{
    /// <summary>For programs.</summary>
    JsonObject ToJson();

    /// <summary>For people.</summary>
    void Write(Terminal terminal);

    /// <summary>Writes it the way that was asked for.</summary>
    void Print(Terminal terminal, bool json)
    {
        if (json)
            terminal.Output.WriteLine(ToJson().ToJsonString(JsonText.Indented));
        else
            Write(terminal);
    }
}
