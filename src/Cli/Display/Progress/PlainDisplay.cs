namespace Nern.Cli.Display.Progress;

/// <summary>Lines of text, each whole and seen at once; written from any thread.</summary>
internal abstract class PlainLines(TextWriter output)
{
    private readonly Lock _gate = new();

    private protected void Line(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}

/// <summary>Shows long work as lines of text: one for each evaluation, and one every ten seconds.</summary>
/// <param name="output">Where they are written.</param>
/// <param name="read">What the display has in common with others.</param>
internal abstract class PlainDisplay<TProgress, TEvaluation>(TextWriter output, Func<TProgress, News<TEvaluation>> read)
    : PlainLines(output), IProgressDisplay<TProgress>
    where TEvaluation : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private TEvaluation? _evaluation;
    private TimeSpan _lastLine;
    private int _preparedTenths;

    /// <inheritdoc/>
    public virtual T Show<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public void Preparing(double part)
    {
        var tenths = (int)(10 * part);
        if (tenths == _preparedTenths || tenths % 5 != 0)
            return;
        _preparedTenths = tenths;
        Line($"{Preparation}: {10 * tenths} %");
    }

    /// <inheritdoc/>
    public void Progress(TProgress progress)
    {
        var (elapsed, notice, evaluation, _) = read(progress);
        if (notice is not null)
            Line($"{Figures.Time(elapsed)}  {Place(progress)}  {notice}");
        var isNew = evaluation is not null && !evaluation.Equals(_evaluation);
        if (!isNew && elapsed - _lastLine < Interval)
            return;
        Line(isNew
            ? $"{Figures.Time(elapsed)}  {Place(progress, evaluation)}  {Describe(_evaluation = evaluation!)}"
            : $"{Figures.Time(elapsed)}  {Place(progress)}  {Describe(progress)}");
        _lastLine = elapsed;
    }

    /// <inheritdoc/>
    public void Stopping() => Line(ProgressView<TProgress>.Stopping);

    /// <inheritdoc/>
    public void Abandon() => Line("ended at once; --resume goes on from the last checkpoint, if there is one");

    /// <summary>What is done before the work reports anything.</summary>
    private protected abstract string Preparation { get; }

    /// <summary>Where the work is, or was at an evaluation.</summary>
    private protected abstract string Place(TProgress progress, TEvaluation? evaluation = null);

    private protected abstract string Describe(TProgress progress);

    private protected abstract string Describe(TEvaluation evaluation);
}
