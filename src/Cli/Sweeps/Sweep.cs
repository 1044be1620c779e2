using Nern.Cli.Display;

namespace Nern.Cli.Sweeps;

/// <summary>The loop of a sweep: does the runs that are not done yet, writes a line for each, and the tables after it.</summary>
/// <param name="log">Knows what is done.</param>
/// <param name="fitter">Does a run.</param>
/// <param name="display">Shows how it goes.</param>
/// <param name="writeTables">Writes the tables of all lines there are.</param>
internal sealed class Sweep(RunLog log, IFitter fitter, ISweepDisplay display, Action writeTables)
{
    private readonly Lock _gate = new();

    /// <summary>Does what is left of <paramref name="runs"/>, in their order.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="jobs">How many at a time.</param>
    /// <param name="retryFailed">Whether runs that failed are tried again.</param>
    /// <param name="stop">Ends the sweep; runs under way are not done.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal Task Run(IReadOnlyList<SweepRun> runs, int jobs, bool retryFailed, CancellationToken stop)
    {
        writeTables();
        return Parallel.ForEachAsync(
            runs.Where(run => IsLeft(log.Find(run.Id), retryFailed)).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop }, Fit);
    }

    /// <summary>Whether a run with this line, or none, is to be done.</summary>
    internal static bool IsLeft(RunLine? line, bool retryFailed) => line is null || (retryFailed && line.Error is not null);

    private async ValueTask Fit(SweepRun run, CancellationToken stop)
    {
        display.Started(run);
        var line = await fitter.Fit(run, text => display.Told(run, text), stop);
        lock (_gate)
        {
            log.Append(line);
            writeTables();
        }
        display.Finished(run, line);
    }
}
