using Nern.Insight;
using Nern.Kernels;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>
/// Which filters are given back well, and whether they are those that matter (the paper's section 5 and figure 5, right).
/// </summary>
internal sealed class ImportanceSection(Findings findings) : Section("importance", "What it gives back best")
{
    private const int Shown = 10;

    private readonly ILookup<string, FilterImportance> _filters = findings.Filters.ToLookup(filter => filter.Layer);

    internal override string? Missing => findings switch
    {
        { Layers.Count: 0 } => "The file holds all convolutions as they were.",
        { Original: null } => "Give --original NETWORK to see the error of each filter, and --data SOURCE to see how active its map is.",
        _ => null,
    };

    internal override Html Content() =>
        (findings.ActivationImages is { } images
            ? Correlated(images)
            : Absent("Give --data SOURCE to see how active the map of each filter is, and whether errors go with it."))
        + LayerPanels.Of(findings.Layers, "importance", i => Panel(findings.Layers[i]));

    private Html Correlated(int images)
    {
        var found = ImportanceCorrelation.Of(findings.Filters);
        var table = new HtmlTable("error and activation", "#coefficient", "#95 % interval", "#filters");
        Add("Pearson, all filters", found.Pearson);
        Add("Spearman, all filters", found.Spearman);
        Add("Spearman, within layers", found.WithinLayers);
        var chart = new Chart
        {
            Kind = "dots",
            X = ["relative error of the filter"],
            Y = "mean activation",
            LogarithmicX = true,
            Series = [.. findings.Layers.Select(layer => new ChartSeries(
                layer.Name,
                [.. Known(layer).Select(filter =>
                    (double[])[Math.Round(filter.RelativeError, 4), Math.Round(filter.MeanActivation!.Value, 4)])],
                [.. Known(layer).Select(filter => $"{layer.Name}, filter {filter.Filter}")]))],
        };
        return Tag(
                "p", "The paper observes that what a representation gives back best is what the network makes most of (section 5): "
                    + "filters of small relative error have active maps. ",
                Tag("strong", Verdict(found)))
            + table.ToHtml(
                "Below zero, active filters are given back better. Layers differ in both figures for reasons of their own, their "
                + "depth and their width; within layers a filter is only compared with those of its own layer. Ranks (Spearman) do "
                + "not mind the few filters whose error is far from all others. Intervals by Fisher’s z, as if filters were "
                + "independent of each other.")
            + chart.ToHtml(
                "Each dot is a filter; colours go from the first layer (dark) to the last. The activation is the mean of the filter’s "
                + $"map in the original over places and {Figures.Count(images)} images, behind the activation that follows the "
                + "convolution; where none follows, as before an addition, that of the map’s positive part. Far to the right are "
                + "filters that are nearly zero in the original: their error is large because there is hardly anything to compare it "
                + "with.")
            + Extremes();

        void Add(string name, Correlation correlation) => table.Add(
            name, Signed(correlation.Value), $"{Signed(correlation.Low)} to {Signed(correlation.High)}", Figures.Count(correlation.Count));
    }

    private static string Verdict(ImportanceCorrelation found) => found.WithinLayers switch
    {
        { High: < 0 } => "In this network it holds within layers.",
        { Low: > 0 } => "In this network the opposite holds within layers: filters of small error are less active.",
        _ => "In this network nothing of that can be told within layers: the interval has zero in it.",
    };

    /// <summary>In how many layers the best filters are more active than the worst.</summary>
    private Html Extremes()
    {
        var layers = findings.Layers.Select(layer => Known(layer).OrderBy(filter => filter.RelativeError).ToList())
            .Where(filters => filters.Count >= 2 * Shown).ToList();
        return layers.Count == 0 ? None : Tag(
            "p", $"In {layers.Count(filters => Mean(filters.Take(Shown)) > Mean(filters.TakeLast(Shown)))} of the {layers.Count} "
                + $"layers of at least {2 * Shown} filters the {Shown} filters of the smallest error are more active, in the mean, "
                + $"than the {Shown} of the largest.");

        static double Mean(IEnumerable<FilterImportance> filters) => filters.Average(filter => filter.MeanActivation!.Value);
    }

    private Html Panel(LearnableLayer layer)
    {
        FilterImportance[] filters = [.. _filters[layer.Name].OrderBy(filter => filter.RelativeError)];
        var count = Math.Min(Shown, filters.Length / 2);
        if (count == 0)
            return Tag("p", "A single filter has nothing to be compared with.");
        var (error, activation) = (filters.Max(filter => filter.RelativeError), filters.Max(filter => filter.MeanActivation ?? 0));
        return Tag(
            "div", [("class", "pair")],
            Show($"The {count} filters of the smallest error.", filters.Take(count)),
            Show($"The {count} filters of the largest error.", filters.TakeLast(count).Reverse()));

        Html Show(string caption, IEnumerable<FilterImportance> shown)
        {
            string[] titles = ["#filter", "#|w|", "#relative error", "#mean activation"];
            var table = new HtmlTable(findings.ActivationImages is null ? titles[..3] : titles);
            foreach (var filter in shown)
            {
                Html[] cells =
                [
                    $"{filter.Filter}", Figures.Small(filter.Norm),
                    HtmlTable.Bar(Figures.Fraction(filter.RelativeError), filter.RelativeError / error),
                    filter.MeanActivation is { } mean
                        ? HtmlTable.Bar(Figures.Fraction(mean), activation > 0 ? mean / activation : 0) : None,
                ];
                table.Add(findings.ActivationImages is null ? cells[..3] : cells);
            }
            return table.ToHtml(caption);
        }
    }

    private IEnumerable<FilterImportance> Known(LearnableLayer layer) => _filters[layer.Name].Where(
        filter => double.IsFinite(filter.RelativeError) && filter.MeanActivation is { } mean && double.IsFinite(mean));

    private static string Signed(double value) => double.IsNaN(value) ? "none" : Figures.Fixed(value, 3).Replace('-', '−');
}
