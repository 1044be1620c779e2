using System.Globalization;
using Nern.Logs;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>The course of the fit, as its log has it (the paper's figure 4).</summary>
internal sealed class CurvesSection(Findings findings) : Section("curves", "The course of the fit")
{
    // More would not be seen.
    private const int MostPoints = 300;

    private static readonly string[] Axes = ["step", "seconds"];

    internal override string? Missing => findings.Log.OfType<EvaluationEntry>().Any() ? null
        : $"The log of the fit is not there: {Path.GetFileName(FitWatcher.LogOf(findings.File))} beside the file, which nern fit "
            + "writes without --no-log.";

    internal override Html Content()
    {
        StepEntry[] steps = [.. findings.Log.OfType<StepEntry>()];
        EvaluationEntry[] evaluations = [.. findings.Log.OfType<EvaluationEntry>()];
        var phases = steps.Where((step, i) => i == 0 || step.Phase != steps[i - 1].Phase)
            .Select(step => new ChartMark(step.Phase, [step.Step, step.Seconds])).ToList();
        var losses = Draw("loss", logarithmic: true, null,
        [
            Series("on the weights", steps, step => step.Reconstruction), Series("on the logits", steps, step => step.Kd),
            Series("on the feature maps", steps, step => step.Fmd),
        ]);
        var accuracies = Draw(
            "% of test images", logarithmic: false,
            findings.Expected is { } expected ? new ChartMark("accuracy of the original", [100 * expected.Accuracy.Share]) : null,
            [
                Series("accuracy", evaluations, evaluation => 100 * evaluation.Accuracy),
                Series("agreement", evaluations, evaluation => 100 * evaluation.Agreement),
            ]);
        var errors = Draw("relative weight error", logarithmic: false, null,
            [Series("all layers", evaluations, evaluation => evaluation.RelativeWeightError)]);
        return Tag("p", [("class", "choice")], Tag(
                "label", "Over ", Tag("select", [("data-axis", "")], Tag("option", [("value", "0")], "steps"),
                    Tag("option", [("value", "1")], "seconds"))))
            + Show(losses, "The losses on the batch of each step (equations 3 to 5), each before its weight in the sum (equation 2). "
            + "Dashed lines: the phases of the fit.")
            + Show(accuracies, "Accuracy of the reconstruction, and how often it chooses the original's class, at each evaluation.")
            + Show(errors, "|W − Ŵ| / |W| over all weights that are predicted. The state that is kept is the one nearest to the "
            + "original on inputs set aside, which need not be the last.");

        Chart Draw(string y, bool logarithmic, ChartMark? level, IReadOnlyList<ChartSeries> series) => new()
        {
            Kind = "lines",
            X = Axes,
            Y = y,
            Logarithmic = logarithmic,
            Series = [.. series.Where(one => one.Points.Count > 0)],
            Marks = phases,
            Level = level,
        };

        static Html Show(Chart chart, string caption) => chart.Series.Count == 0 ? None : chart.ToHtml(caption);
    }

    private static ChartSeries Series(string name, IReadOnlyList<StepEntry> entries, Func<StepEntry, double?> value) =>
        Of(name, entries.Select(entry => (entry.Step, entry.Seconds, value(entry))));

    private static ChartSeries Series(string name, IReadOnlyList<EvaluationEntry> entries, Func<EvaluationEntry, double?> value) =>
        Of(name, entries.Select(entry => (entry.Step, entry.Seconds, value(entry))));

    // Four digits are more than a chart shows.
    private static double Rounded(double value) => double.Parse(Figures.Small(value), CultureInfo.InvariantCulture);

    private static ChartSeries Of(string name, IEnumerable<(long Step, double Seconds, double? Value)> all)
    {
        double[][] points = [.. all.Where(point => point.Value is { } value && double.IsFinite(value))
            .Select(point =>
                (double[])[point.Step, point.Seconds, Rounded(point.Value!.Value)])];
        var every = (points.Length + MostPoints - 1) / MostPoints;
        return new(name, [.. points.Where((_, i) => i % every == 0 || i == points.Length - 1)]);
    }
}
