namespace Nern.Sweeps.Tables;

/// <summary>The table of a sweep for people.</summary>
internal static class MarkdownTable
{
    private const string None = "-";

    /// <summary>The lines of the file.</summary>
    internal static IEnumerable<string> Lines(SweepHeader header, IReadOnlyList<PointSummary> summaries)
    {
        foreach (var line in header.Lines(summaries))
            yield return line;
        yield return "";
        var grid = summaries[0].Point.Grid.Keys;
        var hasPaper = summaries.Any(summary => summary.Point.Paper is not null);
        string[] names = ["row", .. grid];
        string[] figures =
        [
            "seeds", Measure.Accuracy.Title, .. hasPaper ? ["paper %"] : Array.Empty<string>(),
            .. Measure.Others.Select(measure => measure.Title),
            .. PointSummary.Distances.Select(points => $"minutes to within {Figures.Small(points)}"),
        ];
        yield return Row([.. names, .. figures]);
        yield return Row([.. names.Select(_ => "---"), .. figures.Select(_ => "---:")]);
        foreach (var summary in summaries)
            yield return Row(Cells(summary, hasPaper));
        var failed = summaries.SelectMany(
            summary => summary.Failed.Select(line => $"- {summary.Point.Name}, seed {line.Seed}: {line.Error}")).ToList();
        if (failed.Count == 0)
            yield break;
        yield return "";
        yield return "Failed:";
        yield return "";
        foreach (var line in failed)
            yield return line;
    }

    private static IEnumerable<string> Cells(PointSummary summary, bool hasPaper)
    {
        var failed = summary.Failed.Count > 0 ? $" ({summary.Failed.Count} failed)" : "";
        return
        [
            summary.Point.Row, .. summary.Point.Grid.Values, $"{summary.Finished.Count}{failed}", Cell(summary, Measure.Accuracy),
            .. hasPaper ? [summary.Point.Paper is { } paper ? Measure.Accuracy.Format(paper) : ""] : Array.Empty<string>(),
            .. Measure.Others.Select(measure => Cell(summary, measure)),
            .. PointSummary.Distances.Select(points => Minutes(summary, points)),
        ];
    }

    private static string Cell(PointSummary summary, Measure measure) => summary.Of(measure) switch
    {
        null => None,
        { HalfWidth: { } half } estimate when measure.Varies => $"{measure.Format(estimate.Mean)} ± {measure.Format(half)}",
        var estimate => measure.Format(estimate.Mean),
    };

    private static string Minutes(PointSummary summary, double points) => summary.MinutesUntilWithin(points) is { } minutes
        ? $"{Figures.Fixed(minutes.Mean, 1)} ({minutes.Count} of {summary.Finished.Count})"
        : None;

    private static string Row(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
