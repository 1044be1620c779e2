// Draws what experiments/smoothness has found, table.csv, as an SVG: accuracies against the factor of the regulariser.
using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;

if (args is not [var table, var file])
{
    Console.Error.WriteLine("usage: Plot TABLE.csv PLOT.svg");
    return 2;
}
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
// Whoever looks at it may not have the font it was drawn with.
File.WriteAllText(file, Regex.Replace(plot.GetSvgXml(640, 400), "font-family=\"([^\"]*)\"", "font-family=\"$1, sans-serif\""));
return 0;

void Add(string column, string title, string colour, MarkerShape shape)
{
    var place = Array.IndexOf(names, column);
    var line = plot.Add.Scatter(steps, results.Select(row => double.Parse(row[place], CultureInfo.InvariantCulture)).ToArray());
    (line.LegendText, line.Color, line.LineWidth, line.MarkerShape, line.MarkerSize) = (title, Color.FromHex(colour), 2, shape, 8);
}
