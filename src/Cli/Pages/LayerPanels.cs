using Nern.Kernels;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages;

/// <summary>
/// The same for each layer, of which one is shown at a time: the first behind the colour channels, until another is chosen.
/// </summary>
internal static class LayerPanels
{
    /// <summary>The choice, and what is to be shown of each layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="group">A name for the choice, no other's on the page.</param>
    /// <param name="content">What is shown of a layer, by its place.</param>
    internal static Html Of(IReadOnlyList<LearnableLayer> layers, string group, Func<int, Html> content) =>
        Tag("p", [("class", "choice")], Tag("label", "Layer ", Tag(
            "select", [("data-panels", group)],
            Join(layers.Select((layer, i) =>
                Tag("option", [("value", $"{i}"), ("selected", i == First(layers) ? "" : null)], Name(layer))))))) +
        Join(layers.Select((layer, i) => Tag(
            "div", [("class", "panel"), ("data-group", group), ("data-panel", $"{i}"), ("hidden", i == First(layers) ? null : "")],
            Tag("h3", Name(layer)), content(i))));

    // Three columns of kernels, as those on colours are, show little.
    private static int First(IReadOnlyList<LearnableLayer> layers) =>
        layers.Index().FirstOrDefault(layer => layer.Item is { Channels: > 3, KernelSize: > 1 }).Index;

    private static string Name(LearnableLayer layer) =>
        $"{layer.Name}: {layer.Filters} × {layer.Channels} kernels of {layer.KernelHeight} × {layer.KernelWidth}";
}
