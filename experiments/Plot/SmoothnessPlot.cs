using System.Globalization;
using ScottPlot;

namespace Nern.Experiments;

/// <summary>Accuracies against the factor of the regulariser, from the table of experiments/smoothness.</summary>
internal static class SmoothnessPlot
{
    internal static void Draw(string table, string file)
    {
        var rows = File.ReadLines(table).Select(line => line.Split(',')).ToArray();
        var (names, results) = (rows[0], rows[1..]);
        // A factor of 0 has no place on a logarithmic axis: factors are steps.
        var steps = results.Select((_, step) => (double)step).ToArray();
        using var plot = new Plot();
        plot.Font.Set(Fonts.Detect("accuracy"));
        Add("original", "original", "#222222", MarkerShape.FilledCircle);
        Add("accuracy_140", "NeRN, hidden size 140", "#1f77b4", MarkerShape.FilledSquare);
        Add("accuracy_100", "NeRN, hidden size 100", "#d62728", MarkerShape.FilledTriangleUp);
        plot.Axes.Bottom.SetTicks(steps, [.. results.Select(row => row[0])]);
        plot.Axes.Margins(0.08, 0.12);
        plot.XLabel("factor of the regulariser (equation 6)");
        plot.YLabel("accuracy, %");
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.ShowLegend(Alignment.LowerRight);
        PlotFile.Save(plot, file, 640, 400);

        void Add(string column, string title, string colour, MarkerShape shape)
        {
            var place = Array.IndexOf(names, column);
            var line = plot.Add.Scatter(
                steps, results.Select(row => double.Parse(row[place], CultureInfo.InvariantCulture)).ToArray());
            (line.LegendText, line.Color, line.LineWidth, line.MarkerShape, line.MarkerSize) = (title, Color.FromHex(colour), 2, shape, 8);
        }
    }
}
