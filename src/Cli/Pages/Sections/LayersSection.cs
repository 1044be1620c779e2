using Nern.Evaluation;
using Nern.Orderings;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>Each layer in a row: its size, its error, how smooth it is, and what its order takes (the paper's tables 8 and 9).</summary>
internal sealed class LayersSection(Findings findings) : Section("layers", "Layer by layer")
{
    internal override string? Missing => findings.Layers.Count == 0 ? "The file holds all convolutions as they were." : null;

    internal override Html Content()
    {
        var layers = findings.Layers;
        var errors = findings.Errors;
        var parameters = findings.Usual.Float32 / 4.0;
        var largest = errors.Select(error => error.Relative).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var table = new HtmlTable(
            "layer", "#kernels", "#weights", "#share of all parameters", "#relative error", "#as it stands", "#in-filter", "#cross-filter");
        for (var i = 0; i < layers.Count; i++)
        {
            var weights = (long)layers[i].Kernels * layers[i].KernelSize;
            table.Add(
                layers[i].Name, Figures.Count(layers[i].Kernels), Figures.Count(weights), Figures.Percent(weights / parameters),
                errors.Count == 0 ? "" : HtmlTable.Bar(Figures.Fraction(errors[i].Relative), errors[i].Relative / largest),
                Smooth(0, i), Smooth(1, i), Smooth(2, i));
        }
        var all = layers.Sum(layer => (long)layer.Kernels * layer.KernelSize);
        table.Sum(
            "all", Figures.Count(layers.Sum(layer => (long)layer.Kernels)), Figures.Count(all), Figures.Percent(all / parameters),
            errors.Count == 0 ? "" : Figures.Fraction(WeightError.Sum(errors).Relative), Total(0), Total(1), Total(2));
        var measured = findings.Original is null ? "reconstruction" : "original";
        return table.ToHtml(
                "The convolutions that the file gives back (the paper's table 8 has the shares). The error is |W − Ŵ| / |W|. The last "
                + $"three columns are how far neighbouring kernels of the {measured} are from each other, "
                + "1 − cosine (of 1 × 1 kernels |a − b|), as they stand and in each order: the smaller, the smoother is what the "
                + "predictor has to follow (equation 6).")
            + (findings.Original is null ? Absent("Give --original NETWORK to see the error of each layer.") : None)
            + Orders();

        string Smooth(int order, int layer) => Figures.Fraction(findings.Smoothness[order].Layers[layer].Mean);

        string Total(int order) => Figures.Fraction(Smoothness.Total(findings.Smoothness[order].Layers).Mean);
    }

    private Html Orders()
    {
        var table = new HtmlTable("layer", "#in-filter", "#cross-filter", "#in this file");
        foreach (var layer in findings.Layers)
            table.Add(
                layer.Name, Ideal(OrderingKind.InFilter, [layer]), Ideal(OrderingKind.CrossFilter, [layer]),
                findings.OrderingBytes.TryGetValue(layer.Name, out var bytes) ? Figures.Count(bytes) : "–");
        table.Sum(
            "all", Ideal(OrderingKind.InFilter, findings.Layers), Ideal(OrderingKind.CrossFilter, findings.Layers),
            findings.OrderingBytes.Count == 0 ? "–" : Figures.Count(findings.OrderingBytes.Values.Sum()));
        return Tag("details", Tag("summary", "What the order of each layer takes, in bytes"), table.ToHtml(
            "An order of F × C kernels takes F C log₂ C + F log₂ F bits in-filter and F C log₂ (F C) cross-filter (section 3.3 and "
            + "the paper's table 9); the file has whole integers of 8, 16 or 32 bits for it, a small file codes all orders with the "
            + "rest."));

        static string Ideal(OrderingKind kind, IEnumerable<Kernels.LearnableLayer> layers) =>
            Figures.Count((long)Math.Ceiling(layers.Sum(layer => Ordering.BitsOf(kind, layer.Filters, layer.Channels)) / 8));
    }
}
