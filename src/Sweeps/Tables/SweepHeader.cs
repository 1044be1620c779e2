using Nern.Fitting;

namespace Nern.Sweeps.Tables;

/// <summary>What stands above a table: how its figures were made.</summary>
/// <param name="Title">What the plan is about.</param>
/// <param name="Network">The checkpoint's path.</param>
/// <param name="Command">The command line of the sweep.</param>
internal sealed record SweepHeader(string Title, string Network, string Command)
{
    /// <summary>The lines of text.</summary>
    internal IEnumerable<string> Lines(IReadOnlyList<PointSummary> summaries)
    {
        yield return $"# {Title}";
        yield return "";
        yield return "```sh";
        yield return Command;
        yield return "```";
        yield return "";
        yield return $"{Path.GetFileName(Network)}; {Facts(summaries)}";
    }

    private static string Facts(IReadOnlyList<PointSummary> summaries)
    {
        var results = summaries.SelectMany(summary => summary.Finished).Select(line => line.Result!).ToList();
        var facts = new List<string> { $"budget of a run: {Values(summaries.Select(summary => Budget(summary.Point.Options)))}" };
        if (results.Count == 0)
            return $"{facts[0]}. No run is done yet.";
        facts.Add(Values(results.Select(result => $"{result.Precision}, {result.Threads} threads")));
        facts.Add(Values(results.Select(result => result.Processor)));
        facts.Add($"nern {Values(results.Select(result => result.Version))}");
        var originals = results.Where(result => result.Original is not null)
            .Select(result => $"the original has {result.Original}").ToList();
        if (originals.Count > 0)
            facts.Add(Values(originals));
        return $"{string.Join("; ", facts)}. Mean ± half the 95 % confidence interval over seeds (Student's t).";
    }

    private static string Budget(FitOptions options)
    {
        var images = options.Objective.Weights.Distils ? $" of {Figures.Count(options.Inputs.Batch)} images" : "";
        var steps = options.Budget.Steps > 0 ? $"{Figures.Count(options.Budget.Steps)} steps{images}" : $"steps{images}";
        return options.Budget.Minutes is not { } minutes ? steps
            : options.Budget.Steps > 0 ? $"{steps} or {Figures.Small(minutes)} minutes"
            : $"{Figures.Small(minutes)} minutes of {steps}";
    }

    private static string Values(IEnumerable<string> values) => string.Join(" / ", values.Distinct());
}
