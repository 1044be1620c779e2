using Nern.Sweeps;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows a sweep as lines of text.</summary>
internal sealed class PlainSweepDisplay(TextWriter output, SweepClock clock) : PlainLines(output), ISweepDisplay
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Show(Func<Task> sweep) => sweep().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Started(SweepRun run) => Line($"{run.Name}: started");

    /// <inheritdoc/>
    public void Told(SweepRun run, string line) => Line($"{run.Name}: {line}");

    /// <inheritdoc/>
    public void Finished(SweepRun run, RunLine line)
    {
        lock (_gate)
        {
            clock.Count(line);
            var left = clock.Done < clock.Total && clock.Left([]) is { } time ? $"; about {Figures.Time(time)} left" : "";
            Line($"{run.Name}: {SweepText.Of(line)}; {clock.Done} of {clock.Total} done{left}");
        }
    }

    /// <inheritdoc/>
    public void Stopping() => Line(SweepText.Stopping);

    /// <inheritdoc/>
    public void Abandon() => Line("ended at once; the runs under way are lost");
}
