namespace Nern.Cli.Sweeps;

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
