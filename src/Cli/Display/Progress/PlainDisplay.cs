namespace Nern.Cli.Display.Progress;

/// <summary>Shows long work as lines of text: one for each evaluation, and one every ten seconds.</summary>
internal abstract class PlainDisplay<TProgress>(TextWriter output) : IProgressDisplay<TProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private TimeSpan _lastLine;

    /// <inheritdoc/>
    public virtual T Show<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public abstract void Progress(TProgress progress);

    /// <inheritdoc/>
    public void Stopping() => Line(ProgressView<TProgress>.Stopping);

    /// <inheritdoc/>
    public void Abandon() => Line("ended at once; --resume goes on from the last checkpoint, if there is one");

    private protected void Line(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    /// <summary>Writes a line that says news, or one that only says that the work goes on: not more often than every ten seconds.</summary>
    private protected void Line(TimeSpan elapsed, string? news, Func<string> routine)
    {
        if (news is null && elapsed - _lastLine < Interval)
            return;
        Line(news ?? routine());
        _lastLine = elapsed;
    }
}
