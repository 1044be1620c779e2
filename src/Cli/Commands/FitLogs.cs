using Nern.Cli.Shell;
using Nern.Logs;

namespace Nern.Cli.Commands;

/// <summary>The log and the TensorBoard events that a fit writes beside its result.</summary>
/// <param name="terminal">Hears where they are, and if they cannot be written any further.</param>
/// <param name="output">The fit's result.</param>
/// <param name="wanted">Whether there are to be any.</param>
internal sealed class FitLogs(Terminal terminal, string output, bool wanted)
{
    private readonly string _log = FitWatcher.LogOf(output), _events = FitWatcher.EventsOf(output);
    private string? _failure;

    /// <summary>Makes sure that they can be written.</summary>
    /// <param name="sources">The files that are read, which must not be replaced.</param>
    /// <exception cref="NernException">They cannot.</exception>
    internal void Check(params ReadOnlySpan<string> sources)
    {
        if (!wanted)
            return;
        OutputFile.Check(_log, sources);
        OutputFile.CheckFolder(_events);
    }

    /// <summary>What writes them, or null if there are to be none.</summary>
    /// <param name="resumeAtStep">The step it goes on from; null for a new fit.</param>
    /// <exception cref="NernException">They cannot be written.</exception>
    internal FitWatcher? Begin(long? resumeAtStep) =>
        wanted ? new FitWatcher(output, resumeAtStep, Warn) : null;

    /// <summary>Says where they are.</summary>
    internal void End()
    {
        if (!wanted)
            return;
        if (_failure is not null && terminal.IsLive)
            terminal.Report(_failure);
        terminal.Output.WriteLine(
            $"The course of the fit{(_failure is null ? "" : ", as far as it could be written,")} is in {_log}; "
            + $"to see it: tensorboard --logdir {ShellWord.Of(_events)}");
    }

    private void Warn(string sentence)
    {
        _failure = sentence;
        // A live display would write over it: there it waits for the end.
        if (!terminal.IsLive)
            terminal.Report(sentence);
    }
}
