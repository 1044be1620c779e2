using System.Runtime.InteropServices;

namespace Nern.Cli.Shell;

/// <summary>
/// Turns Ctrl-C (SIGINT), SIGTERM and SIGHUP into a request to stop, as long as it is not disposed of. A second one ends the process at
/// once.
/// </summary>
internal sealed partial class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Terminal _terminal;
    private readonly IInterruptible? _display;

    /// <param name="terminal">May ask too; learns what an interrupted command answers.</param>
    /// <param name="display">Hears of it.</param>
    internal Interruption(Terminal terminal, IInterruptible? display = null)
    {
        (_terminal, _display) = (terminal, display);
        _source = CancellationTokenSource.CreateLinkedTokenSource(terminal.Interruption);
        _signals = [.. ExitCode.OfSignals.Keys.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled once a stop is asked for.</summary>
    internal CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            _display?.Abandon();
            End(ExitCode.OfSignals[context.Signal]);
        }
        _terminal.InterruptedCode = ExitCode.OfSignals[context.Signal];
        _source.Cancel();
        _display?.Stopping();
    }

    // Environment.Exit would take the native libraries down under the threads that still work in them, which may end in a crash; only Windows
    // has no libc to end without it.
    private static void End(int code)
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(code);
        EndNow(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);
}

/// <summary>Shows work that a signal may end; called from another thread.</summary>
internal interface IInterruptible
{
    /// <summary>A stop was asked for.</summary>
    void Stopping();

    /// <summary>The process is about to end in the midst of the work.</summary>
    void Abandon();
}
