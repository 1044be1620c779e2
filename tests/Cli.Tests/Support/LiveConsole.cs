using Spectre.Console;

namespace Nern.Cli.Tests.Support;

/// <summary>A terminal of 80 columns and 40 lines that is a text, whatever the tests themselves run in.</summary>
internal static class LiveConsole
{
    internal static IAnsiConsole Writing(StringWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 80;
        console.Profile.Height = 40;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
