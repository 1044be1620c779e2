using Nern.Kernels;
using Nern.Orderings;
using Nern.Pictures;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>Which filter each kernel came from (the paper's figures 2 and 7).</summary>
internal sealed class OrdersSection(Findings findings) : Section("orders", "The orders of the kernels")
{
    private const int Most = 128;
    private const int Pixels = 256;

    internal override string? Missing => findings.Representation.Design is not { } design || design.Orderings[0].Kind == OrderingKind.None
        ? "The predictor meets kernels as they stand in the network: there is no order to show." : null;

    private LearnableLayer[] Layers => [.. findings.Layers.Where(layer => findings.OrderOf(layer) is not null)];

    internal override Html Content()
    {
        var layers = Layers;
        return Tag(
                "p", "The predictor meets the kernels of a layer in an order in which neighbours are alike, so that what it learns is "
                    + $"smoother (section 3.3). Each place is a kernel, filters down and channels across (the first {Most} of each), "
                    + "in the colour of the filter that the kernel is of: from the first filter (dark) to the last (bright).")
            + LayerPanels.Of(layers, "orders", i => Panel(layers[i]));
    }

    private Html Panel(LearnableLayer layer)
    {
        var scale = Math.Max(1, Pixels / Math.Min(Most, Math.Max(layer.Filters, layer.Channels)));
        return Figure.Row(
            Draw(Ordering.None(layer.Filters, layer.Channels), "as they stand"),
            Draw(findings.OrderOf(layer)!, "as the predictor meets them"));

        Html Draw(Ordering order, string title) =>
            Figure.Of(OrderPicture.Draw(order, Most, scale), title, $"{title}: the filter of each kernel of {layer.Name}, by colour");
    }
}
