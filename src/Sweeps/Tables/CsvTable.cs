using System.Globalization;

namespace Nern.Sweeps.Tables;

/// <summary>The tables of a sweep for programs (RFC 4180): numbers as they are, nothing where there is none.</summary>
internal static class CsvTable
{
    /// <summary>A line for each point: means and half the widths of their confidence intervals.</summary>
    internal static IEnumerable<string> Points(IReadOnlyList<PointSummary> summaries)
    {
        Measure[] measures = [Measure.Accuracy, .. Measure.Others];
        yield return Line(
        [
            "row", .. summaries[0].Point.Grid.Keys, "runs", "failed", "paper_accuracy",
            .. measures.SelectMany(measure => (string[])[measure.Name, $"{measure.Name}_half_width"]),
            .. PointSummary.Distances.SelectMany(
                points => (string[])[$"minutes_to_{Figures.Small(points)}", $"runs_to_{Figures.Small(points)}"]),
        ]);
        foreach (var summary in summaries)
            yield return Line(
            [
                summary.Point.Row, .. summary.Point.Grid.Values, summary.Finished.Count, summary.Failed.Count, summary.Point.Paper,
                .. measures.Select(summary.Of).SelectMany(estimate => (object?[])[estimate?.Mean, estimate?.HalfWidth]),
                .. PointSummary.Distances.Select(summary.MinutesUntilWithin)
                    .SelectMany(minutes => (object?[])[minutes?.Mean, minutes?.Count ?? 0]),
            ]);
    }

    /// <summary>A line for each evaluation of each run; accuracies in per cent.</summary>
    internal static IEnumerable<string> Curves(IReadOnlyList<PointSummary> summaries)
    {
        yield return Line(
            ["row", .. summaries[0].Point.Grid.Keys, "seed", "step", "seconds", "accuracy", "agreement", "validation_kl", "weight_error"]);
        foreach (var summary in summaries)
            foreach (var line in summary.Finished)
                foreach (var at in line.Curve ?? [])
                    yield return Line(
                    [
                        summary.Point.Row, .. summary.Point.Grid.Values, line.Seed, at.Step, at.Seconds, 100 * at.Accuracy,
                        100 * at.Agreement, at.ValidationKl, at.WeightError,
                    ]);
    }

    /// <summary>A line, without its end.</summary>
    internal static string Line(IEnumerable<object?> fields) =>
        string.Join(',', fields.Select(field => Quote(Convert.ToString(field, CultureInfo.InvariantCulture)!)));

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
