using Nern.Cli.Display.Progress;
using Nern.Cli.Display.Reports;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Fitting;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Cli.Commands;

/// <summary>A compression with its display, its checkpoints and its report.</summary>
/// <param name="Terminal">Where it shows.</param>
/// <param name="Output">The small file.</param>
/// <param name="Report">A report as JSON, or null.</param>
/// <param name="Checkpoints">Where it saves its state.</param>
internal sealed record CompressionRun(Terminal Terminal, string Output, string? Report, SavingOptions Checkpoints)
{
    /// <summary>Runs it to its end, or until it is interrupted.</summary>
    /// <returns>The exit code.</returns>
    internal int Run(
        CpuEngine engine, Network original, FitInputs inputs, CompressOptions options, NeuralRepresentation? start,
        UnfinishedCompression? resume)
    {
        var display = Display();
        using var interruption = new Interruption(Terminal, display);
        var evaluations = new List<CompressEvaluation>();
        var (evaluation, accuracy) = display.Show(() =>
        {
            using var compressor = new Compressor(
                engine, original, inputs, options, start, resume, new ImmediateProgress(display.Preparing), interruption.Token);
            var (_, evaluation) = compressor.Run(
                progress =>
                {
                    if (progress.Evaluation is { } last && last != evaluations.LastOrDefault())
                        evaluations.Add(last);
                    display.Progress(progress);
                },
                interruption.Token, Checkpoints);
            return (evaluation, compressor.OriginalAccuracy);
        });
        var summary = new CompressSummary(Output, original, evaluation, accuracy, evaluations);
        UnfinishedWork.Report(Output, Report, summary.Save);
        summary.Write(Terminal.Console);
        var interrupted = interruption.Token.IsCancellationRequested;
        if (!interrupted)
            UnfinishedWork.Delete(Terminal, Checkpoints.Path);
        Terminal.Output.WriteLine(interrupted
            ? $"Stopped early; {Output} holds the best that was reached. The same command with --resume goes on."
            : $"Wrote {Output}.");
        return interrupted ? Terminal.InterruptedCode : ExitCode.Success;
    }

    /// <summary>Looks for the smallest size that loses little, and says what it tries; stops early when it is interrupted.</summary>
    /// <param name="search">The search.</param>
    /// <param name="path">Where it saves what was tried.</param>
    /// <returns>Whether it is found.</returns>
    internal bool Find(SizeSearch search, string path)
    {
        while (search.Next is { } bytes)
        {
            Terminal.Output.WriteLine($"Trying {Figures.Bytes(bytes)} with an eighth of the steps.");
            var display = Display();
            using var interruption = new Interruption(Terminal, display);
            display.Show(() =>
            {
                search.Try(display.Progress, interruption.Token, new ImmediateProgress(display.Preparing));
                return true;
            });
            if (interruption.Token.IsCancellationRequested)
            {
                Terminal.Output.WriteLine("Stopped early, before a size was found. The same command with --resume goes on.");
                return false;
            }
            search.Save(path);
            var trial = search.Trials[^1];
            Terminal.Output.WriteLine(trial.Points is { } points
                ? FormattableString.Invariant($"{Figures.Bytes(bytes)}: {points:F2} points are expected to be lost, {(trial.IsWithin ? "few enough" : "too many")}.")
                : $"{Figures.Bytes(bytes)}: no file of this network is as small.");
        }
        return true;
    }

    private IProgressDisplay<CompressProgress> Display() => Terminal.IsLive
        ? new LiveDisplay<CompressProgress>(Terminal.Console, new CompressView())
        : new PlainCompressDisplay(Terminal.Output);
}
