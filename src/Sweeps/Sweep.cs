using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps;

/// <summary>
/// The loop of a sweep: does the runs that are not done yet, and that no other process does, writes a line for each, and the tables after it.
/// </summary>
/// <param name="log">Knows what is done.</param>
/// <param name="fitter">Does a run.</param>
/// <param name="listener">Hears how it goes.</param>
/// <param name="writeTables">Writes the tables of all lines there are.</param>
internal sealed class Sweep(RunLog log, IFitter fitter, ISweepListener listener, Action writeTables)
{
    private readonly Lock _gate = new();
    private readonly List<SweepRun> _elsewhere = [];

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
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop }, (run, token) => Fit(run, retryFailed, token));
    }

    /// <summary>Whether a run with this line, or none, is to be done.</summary>
    internal static bool IsLeft(RunLine? line, bool retryFailed) => line is null || (retryFailed && line.Error is not null);

    /// <summary>The runs that other processes do.</summary>
    internal IReadOnlyCollection<SweepRun> Elsewhere => _elsewhere;

    private async ValueTask Fit(SweepRun run, bool retryFailed, CancellationToken stop)
    {
        IDisposable? claim;
        lock (_gate)
            claim = log.Claim(run.Id);
        using (claim)
        {
            // Another process may have done it, and told so, by now.
            if (claim is null || !IsLeft(log.Find(run.Id), retryFailed))
            {
                lock (_gate)
                    if (claim is null)
                        _elsewhere.Add(run);
                return;
            }
            listener.Started(run);
            var line = await fitter.Fit(run, text => listener.Told(run, text), stop);
            lock (_gate)
                log.Append(line, writeTables);
            listener.Finished(run, line);
        }
    }
}

/// <summary>Does the runs of a sweep.</summary>
internal interface IFitter
{
    /// <summary>Does one run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tell">Hears in words how it goes.</param>
    /// <param name="stop">Asks it to stop.</param>
    /// <returns>Its line, with a result or an error.</returns>
    /// <exception cref="OperationCanceledException">It was stopped before its end.</exception>
    Task<RunLine> Fit(SweepRun run, Action<string> tell, CancellationToken stop);
}

/// <summary>Hears how a sweep goes on, from several threads.</summary>
internal interface ISweepListener
{
    /// <summary>A run begins.</summary>
    void Started(SweepRun run);

    /// <summary>A run under way says how it goes.</summary>
    void Told(SweepRun run, string line);

    /// <summary>A run has ended, well or not.</summary>
    void Finished(SweepRun run, RunLine line);
}
