namespace Nern.Cli.Shell;

/// <summary>
/// Turns Ctrl-C into a request to stop, as long as it is not disposed of. A second Ctrl-C ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;

    private readonly IInterruptible? _display;

    /// <param name="outer">Another way to ask.</param>
    /// <param name="display">Hears of it.</param>
    internal Interruption(CancellationToken outer, IInterruptible? display = null)
    {
        _display = display;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Console.CancelKeyPress += OnCancelKey;
    }

    /// <summary>Cancelled once a stop is asked for.</summary>
    internal CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKey;
        _source.Dispose();
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs args)
    {
        args.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            _display?.Abandon();
            Environment.Exit(ExitCode.Interrupted);
        }
        _source.Cancel();
        _display?.Stopping();
    }
}

/// <summary>Shows work that Ctrl-C may end; called from another thread.</summary>
internal interface IInterruptible
{
    /// <summary>A stop was asked for.</summary>
    void Stopping();

    /// <summary>The process is about to end in the midst of the work.</summary>
    void Abandon();
}
