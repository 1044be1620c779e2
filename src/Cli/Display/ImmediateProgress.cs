namespace Nern.Cli.Display;

/// <summary>Passes reports on at once: Progress&lt;T&gt; would do so from another thread, later.</summary>
internal sealed class ImmediateProgress(Action<double> report) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => report(value);
}
