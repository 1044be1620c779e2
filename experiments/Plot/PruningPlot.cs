using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Nern.Experiments;

/// <summary>Accuracy against the share of zeros, from the table of experiments/figure5-pruning (paper, figure 5, left).</summary>
internal static class PruningPlot
{
    internal static void Draw(string table, string file)
    {
        var rows = File.ReadLines(table).Skip(1).Select(line => line.Split(',')).Select(cells => (
            How: cells[1], Zeros: 100 * Number(cells[2]), Bytes: Number(cells[3]), Accuracy: 100 * Number(cells[4]) / Number(cells[5]))).ToList();
        using var plot = new Plot();
        plot.Font.Set(Fonts.Detect("accuracy"));
        Add("global", "the smallest of all weights", "#d62728", MarkerShape.FilledTriangleDown);
        Add("layer", "the smallest of each layer", "#1f77b4", MarkerShape.FilledSquare);
        Add("fine-tuned", "the same, fine-tuned for 1000 steps", "#2ca02c", MarkerShape.FilledCircle);
        var rounded = rows.Where(row => row.How == "integers").ToList();
        var share = rounded.Average(row => row.Bytes) / rows.Where(row => row.How == "fitted").Average(row => row.Bytes);
        var integers = plot.Add.HorizontalLine(rounded.Average(row => row.Accuracy));
        (integers.Color, integers.LinePattern, integers.LegendText) = (
            Color.FromHex("#222222"), LinePattern.Dashed,
            string.Create(CultureInfo.InvariantCulture, $"without zeros, in integers of {100 * share:F0} % of the bytes"));
        plot.Axes.SetLimits(-2, 62, 0, 100);
        plot.XLabel("predictor's weights that are 0, %");
        plot.YLabel("accuracy, %");
        plot.ShowLegend(Alignment.MiddleRight);
        PlotFile.Save(plot, file, 760, 420);

        // Means of the seeds, and from the least to the most.
        void Add(string how, string title, string colour, MarkerShape shape)
        {
            var points = rows.Where(row => row.How == how || row.How == "fitted").GroupBy(row => row.Zeros)
                .OrderBy(group => group.Key).Select(group => (
                    Zeros: group.Key, Mean: group.Average(row => row.Accuracy),
                    Low: group.Min(row => row.Accuracy), High: group.Max(row => row.Accuracy))).ToList();
            double[] zeros = [.. points.Select(point => point.Zeros)], means = [.. points.Select(point => point.Mean)];
            var line = plot.Add.Scatter(zeros, means);
            (line.LegendText, line.Color, line.LineWidth, line.MarkerShape, line.MarkerSize) = (title, Color.FromHex(colour), 2, shape, 8);
            var bars = new ErrorBar(
                zeros, means, null, null,
                [.. points.Select(point => point.Mean - point.Low)], [.. points.Select(point => point.High - point.Mean)]);
            plot.Add.Plottable(bars);
            bars.Color = Color.FromHex(colour);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
