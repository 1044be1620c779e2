using Nern.Logs;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps;

/// <summary>Does every run by <c>nern fit</c> in a process of its own, so that a run that crashes does not end the sweep.</summary>
/// <param name="program">The assembly of the nern command.</param>
/// <param name="subject">What is fitted.</param>
/// <param name="folder">Where the files of runs are put.</param>
/// <param name="threads">Threads of a run, or null for its own choice.</param>
/// <param name="keepFiles">Whether the .nern files stay.</param>
internal sealed class ProcessFitter(string program, SweepSubject subject, string folder, int? threads, bool keepFiles) : IFitter
{
    private const string ErrorPrefix = "nern: ";

    /// <inheritdoc/>
    public async Task<RunLine> Fit(SweepRun run, Action<string> tell, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var (file, report) = (Path.Combine(folder, $"{run.Id}.nern"), Path.Combine(folder, $"{run.Id}.json"));
        string? error = null, last = null;
        var exitCode = await ChildProcess.Run(program, Arguments(run, file, report), threads, tell, line =>
        {
            last = line;
            if (line.StartsWith(ErrorPrefix, StringComparison.Ordinal))
                error = line[ErrorPrefix.Length..];
        }, stop);
        // Signals reach the processes of a terminal all at once, so the child may be the first to know.
        if (exitCode is ChildProcess.HungUp or ChildProcess.Interrupted or ChildProcess.Terminated)
            throw new OperationCanceledException(stop);
        if (exitCode != 0)
            return run.Line with { Error = error ?? $"The process ended with exit code {exitCode}{(last is null ? "." : $": {last}")}" };
        var fit = FitReport.Load(report);
        File.Delete(report);
        if (!keepFiles)
        {
            File.Delete(file);
            File.Delete(FitWatcher.LogOf(file));
            Directory.Delete(FitWatcher.EventsOf(file), recursive: true);
        }
        return run.Line with { Result = fit.Result, Curve = fit.Curve };
    }

    private IEnumerable<string> Arguments(SweepRun run, string file, string report) =>
    [
        "fit", subject.Network, "--architecture", subject.Architecture,
        .. subject.Data is { } data ? ["--data", data] : Array.Empty<string>(),
        .. run.Given.Select(option => $"--{option.Key}={option.Value}"), "--output", file, "--report", report,
        // Of a run that was interrupted or killed.
        .. File.Exists($"{file}.checkpoint") ? ["--resume"] : Array.Empty<string>(),
    ];
}
