using Nern.Evaluation;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>The file beside another.</summary>
internal sealed class CompareSection(Findings findings) : Section("compare", "Beside another file")
{
    internal override string? Missing =>
        findings.Comparison is null ? "Give --compare OTHER to see another .nern file, or a network, beside this one." : null;

    internal override Html Content()
    {
        var found = findings.Comparison!;
        var (first, second) = (Path.GetFileName(found.First.File), Path.GetFileName(found.Second.File));
        var both = new HtmlTable("", $"#{first}", $"#{second}");
        foreach (var (name, ours, theirs) in found.Rows)
            both.Add(name, ours, theirs);
        var content = both.ToHtml($"{first} and {second}.");
        if (found.BetweenBoth is { } sentence)
            content += Tag("p", sentence);
        if (found.Layers.Count == 0)
            return content + Tag("p", "They have no convolution in common.");
        var layers = new HtmlTable("layer", "#weights", $"#error of {first}", $"#error of {second}", "#between both");
        foreach (var layer in found.Layers)
            layers.Add(layer.Layer, Figures.Count(layer.Between.Weights), Error(layer.First), Error(layer.Second), Error(layer.Between));
        layers.Sum("all", Figures.Count(found.Sum.Between.Weights), Error(found.Sum.First), Error(found.Sum.Second),
            Error(found.Sum.Between));
        return content + layers.ToHtml($"Relative errors of the convolutions that both have; between both, |A − B| / |A| with {first} "
            + "as A.");
    }

    private static string Error(WeightError? error) => error is null ? "–" : Figures.Fraction(error.Relative);
}
