namespace Nern.Cli.Shell;

/// <summary>
/// Turns Ctrl-C into a request to stop, as long as it is not disposed of. A second Ctrl-C ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;

    /// <param name="outer">Another way to ask.</param>
    internal Interruption(CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Console.CancelKeyPress += OnCancelKey;
    }

    /// <summary>Raised at the first Ctrl-C, on another thread.</summary>
    internal event Action? Requested;

    /// <summary>Raised at the second, just before the end of the process.</summary>
    internal event Action? Insisted;

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
            Insisted?.Invoke();
            Environment.Exit(ExitCode.Interrupted);
        }
        _source.Cancel();
        Requested?.Invoke();
    }
}
