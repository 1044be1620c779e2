using Nern.Kernels;
using Nern.Orderings;
using Nern.Pictures;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>Kernels of a layer: the original's, those given back, and what is between them (the paper's figure 6).</summary>
internal sealed class KernelsSection(Findings findings) : Section("kernels", "Kernels")
{
    // The paper's figure has as many filters and channels.
    private const int Most = 8;

    // Of a grid, about.
    private const int Pixels = 256;

    internal override string? Missing => findings switch
    {
        { Layers.Count: 0 } => "The file holds all convolutions as they were.",
        { Original: null } => "Give --original NETWORK to see its kernels beside those that the file gives back.",
        _ => null,
    };

    internal override Html Content() => Tag(
            "p", $"The first {Most} filters (down) and channels (across) of a layer. White is zero, red above and blue below; the "
                + "colours are the same for all three pictures, so that what is pale in the difference is small beside the weights.")
        + LayerPanels.Of(findings.Layers, "kernels", i => Panel(findings.Layers[i]));

    private Html Panel(LearnableLayer layer)
    {
        var (original, given) = (findings.Original!.Values(layer.Weight), findings.Reconstruction.Values(layer.Weight));
        float[] difference = [.. given.Zip(original, (ours, theirs) => ours - theirs)];
        var limit = KernelPicture.LimitOf(original);
        var shown = Math.Min(Most, Math.Max(layer.Filters, layer.Channels));
        var scale = Math.Max(2, Pixels / (shown * (Math.Max(layer.KernelHeight, layer.KernelWidth) + 1)));
        var picture = new KernelPicture(layer, Ordering.None(layer.Filters, layer.Channels), Most, scale);
        return Figure.Row(Draw(original, "original"), Draw(given, "reconstruction"), Draw(difference, "difference")) + Scale(limit);

        Html Draw(float[] weights, string title) => Figure.Of(
            picture.DrawGrid(weights, limit), title, $"{title}: kernels of {layer.Name}, {picture.Filters} filters and "
                + $"{picture.Channels} channels");
    }

    private static Html Scale(float limit) => Tag(
        "p", [("class", "scale")], Tag("span", $"−{Figures.Small(limit)}"), Tag("span", [("class", "ramp")]),
        Tag("span", $"+{Figures.Small(limit)}"),
        Tag("span", [("class", "note")], "three standard deviations of the layer’s weights"));
}
