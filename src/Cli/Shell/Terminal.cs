using Spectre.Console;

namespace Nern.Cli.Shell;

/// <summary>Where a command writes, and who may interrupt it.</summary>
internal sealed class Terminal
{
    private const int PlainWidth = 120;

    /// <summary>A terminal that is not one: plain text, as for a file or a pipe.</summary>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors and notes.</param>
    /// <param name="interruption">Asks long commands to stop early.</param>
    internal Terminal(TextWriter output, TextWriter error, CancellationToken interruption = default)
    {
        Output = output;
        Error = error;
        Interruption = interruption;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        Console.Profile.Width = PlainWidth;
        Console.Profile.Capabilities.Unicode = true;
    }

    private Terminal(IAnsiConsole console, CancellationToken interruption)
        : this(System.Console.Out, System.Console.Error, interruption)
    {
        Console = console;
        IsLive = true;
    }

    /// <summary>Results.</summary>
    internal TextWriter Output { get; }

    /// <summary>Errors and notes.</summary>
    internal TextWriter Error { get; }

    /// <summary>Writes tables to <see cref="Output"/>; in colour where that is a terminal.</summary>
    internal IAnsiConsole Console { get; }

    /// <summary>Whether what was written can be written over.</summary>
    internal bool IsLive { get; }

    /// <summary>Asks long commands to stop early; they listen to Ctrl-C besides.</summary>
    internal CancellationToken Interruption { get; }

    /// <summary>The terminal of this process, or plain text if its output is redirected.</summary>
    /// <param name="interruption">Asks long commands to stop early.</param>
    internal static Terminal OfProcess(CancellationToken interruption)
    {
        if (System.Console.IsOutputRedirected)
            return new Terminal(System.Console.Out, System.Console.Error, interruption);
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        return console.Profile.Capabilities.Ansi
            ? new Terminal(console, interruption)
            : new Terminal(System.Console.Out, System.Console.Error, interruption);
    }

    /// <summary>Writes one line to <see cref="Error"/>, whatever the text holds.</summary>
    internal void Report(string sentence) => Error.WriteLine($"nern: {sentence.ReplaceLineEndings(" ")}");
}
