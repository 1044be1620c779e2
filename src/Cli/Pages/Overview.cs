using Nern.Evaluation;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages;

/// <summary>The figures that a page begins with.</summary>
internal static class Overview
{
    internal static Html Of(Findings findings)
    {
        var representation = findings.Representation;
        var graph = representation.Graph;
        var facts = None;
        if (findings.Given is { } given)
            Add(
                "Accuracy", Figures.Percent(given.Accuracy.Share),
                findings.Expected is { } expected ? $"the original has {Figures.Percent(expected.Accuracy.Share)}" : "of its test images");
        if (findings is { Given: { } own, Expected: { } other })
            Add(
                "Agreement", Figures.Percent(Agreement.Of(other.Logits, own.Logits, graph.Logits).Share),
                $"of {Figures.Count(own.Labels.Length)} images");
        if (findings.Features is { } features)
            Add("Features", Figures.Fixed(features.Cosine, 4), $"cosine to the original's, {Figures.Count(features.Count)} images");
        if (findings.Errors is { Count: > 0 } errors)
            Add("Weight error", Figures.Fraction(WeightError.Sum(errors).Relative), "|W − Ŵ| / |W|, all layers");
        Add(
            "File", $"{Figures.Fixed(findings.Sizes.File / 1000.0, 1)} KB",
            $"{Figures.Percent((double)findings.Sizes.File / findings.Usual.Float32)} of the original in float32");
        if (representation.Design is { } design)
            Add(
                "Predictor", Figures.Count(design.Shape.ParameterCount),
                $"parameters for {Figures.Count(design.Layout.WeightCount)} weights");
        return Tag(
            "p", [("class", "lead")],
            $"A neural representation of a network that takes images of {graph.InputShape} and "
            + (graph.EndsInFeatures ? $"yields {Figures.Count(graph.Logits)} features" : $"tells {Figures.Count(graph.Classes)} classes apart")
            + (representation.Provenance.Source is { } source ? $", fitted to {source.Name}." : ".")
            + " Its convolutions are not stored: a small perceptron gives each kernel when asked for the kernel's coordinate (NeRN, "
            + "Ashkenazi et al., ICLR 2023). This page shows what came of that.")
            + Tag("dl", [("class", "facts")], facts);

        void Add(string name, string value, string note) => facts += Tag(
            "div", Tag("dt", name), Tag("dd", value), Tag("dd", [("class", "note")], note));
    }
}
