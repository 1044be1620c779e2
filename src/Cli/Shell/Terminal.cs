using Nern.Mpi;
using Spectre.Console;

namespace Nern.Cli.Shell;

/// <summary>Where a command writes, who may interrupt it, and who shares its work.</summary>
internal sealed class Terminal
{
    private const int PlainWidth = 120;

    /// <summary>What the first rank most likely says as well, and ends all by, is not said by the others too.</summary>
    private static readonly TimeSpan Precedence = TimeSpan.FromSeconds(2);

    private readonly YieldingWriter _output, _error;

    /// <summary>A terminal that is not one: plain text, as for a file or a pipe.</summary>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors and notes.</param>
    /// <param name="interruption">Asks long commands to stop early.</param>
    internal Terminal(TextWriter output, TextWriter error, CancellationToken interruption = default)
    {
        (_output, _error) = (new(output), new(error));
        Interruption = interruption;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new YieldingOutput(output, _output),
        });
        Console.Profile.Width = PlainWidth;
        Console.Profile.Capabilities.Unicode = true;
    }

    private Terminal(CancellationToken interruption, Launch launch)
        : this(
            launch.Rank == 0 ? System.Console.Out : TextWriter.Null, launch.Rank == 0 ? System.Console.Error : TextWriter.Null, interruption)
    {
        Ranks = new(launch);
        if (!Ranks.IsFirst || System.Console.IsOutputRedirected)
            return;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new YieldingOutput(System.Console.Out, _output) });
        if (!console.Profile.Capabilities.Ansi)
            return;
        Console = console;
        IsLive = true;
    }

    /// <summary>Results.</summary>
    internal TextWriter Output => _output;

    /// <summary>Errors and notes.</summary>
    internal TextWriter Error => _error;

    /// <summary>Writes tables to <see cref="Output"/>; in colour where that is a terminal.</summary>
    internal IAnsiConsole Console { get; }

    /// <summary>Whether what was written can be written over.</summary>
    internal bool IsLive { get; }

    /// <summary>Asks long commands to stop early; they listen to signals besides.</summary>
    internal CancellationToken Interruption { get; }

    /// <summary>The ranks that share the work.</summary>
    internal ProcessRanks Ranks { get; init; } = new(Launch.Alone);

    /// <summary>What a command answers that was interrupted: <see cref="ExitCode.Interrupted"/>, or as the signal has it.</summary>
    internal int InterruptedCode { get; set; } = ExitCode.Interrupted;

    /// <summary>The terminal of this process, or plain text if its output is redirected.</summary>
    /// <param name="interruption">Asks long commands to stop early.</param>
    /// <param name="launch">How the process was started; of several ranks, only the first writes.</param>
    internal static Terminal OfProcess(CancellationToken interruption, Launch launch) => new(interruption, launch);

    /// <summary>Writes why a command ends too early: of several ranks, the others a moment after the first, and with their number.</summary>
    internal void Fail(string sentence)
    {
        if (Ranks.IsFirst)
        {
            Report(sentence);
            return;
        }
        Thread.Sleep(Precedence);
        System.Console.Error.WriteLine($"nern: rank {Ranks.Launch.Rank}: {sentence.ReplaceLineEndings(" ")}");
    }

    /// <summary>Writes one line to <see cref="Error"/>, whatever the text holds.</summary>
    internal void Report(string sentence) => Error.WriteLine($"nern: {sentence.ReplaceLineEndings(" ")}");

    /// <summary>Makes sure that <see cref="Output"/> took all that was written, for a command that has no other result.</summary>
    /// <exception cref="NernException">It did not.</exception>
    internal void CheckOutput()
    {
        Output.Flush();
        if (_output.Failure is { } failure)
            throw new NernException($"The standard output could not be written: {failure.Message}", failure);
    }
}
