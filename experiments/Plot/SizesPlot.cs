using System.Globalization;
using ScottPlot;

namespace Nern.Experiments;

/// <summary>Accuracy or divergence against bytes, a line a method, from the table of bench/compress.</summary>
internal static class SizesPlot
{
    // What takes more says nothing about small files.
    private const double LargestShare = 0.3;

    private static readonly string[] Colours =
        ["#7f7f7f", "#bcbd22", "#9467bd", "#ff7f0e", "#1f77b4", "#d62728", "#2ca02c", "#17becf", "#8c564b", "#e377c2"];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare,
        MarkerShape.FilledCircle,
    ];

    internal static void Draw(string table, string column, string file)
    {
        var rows = File.ReadLines(table).Skip(1).Select(line => line.Split(',')).Select(cells => (
            Method: cells[0], Bytes: Number(cells[2]), Value: Number(cells[column == "kl" ? 4 : 3]))).ToList();
        var original = rows.First(row => row.Method == "original");
        var shown = rows.Where(row => row.Bytes <= LargestShare * original.Bytes).ToList();
        using var plot = new Plot();
        plot.Font.Set(Fonts.Detect(column));
        foreach (var (place, method) in shown.GroupBy(row => row.Method).Index())
        {
            var points = method.OrderBy(row => row.Bytes).ToList();
            var line = plot.Add.Scatter(
                points.Select(row => Math.Log2(row.Bytes)).ToArray(), points.Select(row => Scaled(row.Value)).ToArray());
            (line.LegendText, line.Color) = (method.Key, Color.FromHex(Colours[place % Colours.Length]));
            (line.MarkerShape, line.MarkerSize) = (Shapes[place % Shapes.Length], 8);
            // Only settings of one method that trade size for closeness are a line.
            line.LineWidth = method.Key.EndsWith("our coder", StringComparison.Ordinal)
                || method.Key.EndsWith("(cited)", StringComparison.Ordinal) ? 2 : 0;
        }
        if (column == "accuracy")
        {
            var level = plot.Add.HorizontalLine(original.Value);
            (level.Color, level.LinePattern, level.LegendText) = (Color.FromHex("#222222"), LinePattern.Dashed, "original");
            // Where hardly anything is right any more nothing is to be told apart.
            plot.Axes.SetLimitsY(original.Value - 6, original.Value + 1.5);
        }
        var (least, most) = (shown.Min(row => row.Bytes), shown.Max(row => row.Bytes));
        plot.Axes.SetLimitsX(Math.Log2(least) - 0.1, Math.Log2(most) + 0.1);
        var ticks = Enumerable.Range(0, 40).Select(half => Math.Pow(2, half / 2.0) * 1000).Select(bytes => Rounded(bytes))
            .Where(bytes => bytes >= 0.95 * least && bytes <= 1.05 * most).ToArray();
        plot.Axes.Bottom.SetTicks(
            [.. ticks.Select(Math.Log2)],
            [.. ticks.Select(bytes => string.Create(
                CultureInfo.InvariantCulture, $"{bytes / 1000:0.#} KB\n{100 * bytes / original.Bytes:0.#} %"))]);
        if (column == "kl")
        {
            double[] levels =
                [.. Enumerable.Range(-5, 6).SelectMany(power => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, power)))];
            plot.Axes.Left.SetTicks(
                [.. levels.Select(Scaled)], [.. levels.Select(level => level.ToString("0.#####", CultureInfo.InvariantCulture))]);
            plot.Axes.SetLimitsY(
                Scaled(shown.Where(row => row.Value > 0).Min(row => row.Value)) - 0.1, Scaled(shown.Max(row => row.Value)) + 0.1);
        }
        plot.XLabel("bytes, and percent of the original's file (logarithmic)");
        plot.YLabel(column == "kl" ? "mean KL to the original (logarithmic)" : "accuracy, %");
        plot.ShowLegend(column == "kl" ? Alignment.UpperRight : Alignment.LowerRight);
        PlotFile.Save(plot, file, 800, 500);

        double Scaled(double value) => column == "kl" ? Math.Log10(Math.Max(value, 1e-6)) : value;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // Two digits.
    private static double Rounded(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(value / unit) * unit;
    }
}
