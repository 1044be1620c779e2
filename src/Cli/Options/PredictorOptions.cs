using System.Globalization;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Orderings;
using Nern.Predictor;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What the predictor is, and what it is asked.</summary>
internal static class PredictorOptions
{
    // Before the group, which is made with it.
    private static readonly ValueSyntax<EmbeddingScales> Scales = Scaled(Numbers<double>(
        "L,F,C", string.Create(CultureInfo.InvariantCulture, $"three numbers from 0 to {GaussianEmbedding.LargestScale} with commas between them, such as 8,8,8")));

    private static readonly ValueSyntax<LayerSelection> Layers = new(
        "TERMS", "terms with commas between them, such as kernel=3x3,-layer1.*",
        (string text, out LayerSelection layers) =>
        {
            var isSelection = LayerSelection.TryParse(text, out var selection);
            layers = selection ?? LayerSelection.All;
            return isSelection;
        },
        layers => layers.ToString())
    { IsDashed = true };

    internal static OptionEntryGroup<FitOptions> Group { get; } = new("Predictor",
    [
        FitOption.Of(o => o.Layers, (o, value) => o with { Layers = value }, Layers,
            "Convolutions that the predictor gives; the others are stored as they are. A term is all, kernel=HEIGHTxWIDTH, or a name with "
            + "* for any letters; a - before it leaves those layers out.",
            why: "All of them, as in the paper's networks for CIFAR; its ResNet-18 is kernel=3x3."),
        FitOption.Of(o => o.Hidden, (o, value) => o with { Hidden = value }, Number<int>("N", new(1, PredictorShape.LargestHidden)),
            "Hidden size of the predictor: the larger, the better the reconstruction and the larger the file.",
            why: "Half the size of ResNet-20; the paper's tables for it start from here.",
            paper: "3.1"),
        FitOption.Of(o => o.Depth, (o, value) => o with { Depth = value }, Number<int>("N", new(2, 32)),
            "Linear layers of the predictor.",
            why: "The paper's.",
            paper: "3.1"),
        FitOption.Of(o => o.Activation, (o, value) => o with { Activation = value }, Choice<Activation>(),
            "What follows each hidden layer.",
            why: "GELU comes much closer to the weights in as many steps than the paper's ReLU (docs/recipe.md).",
            paper: "3.1"),
        FitOption.Of(o => o.Skip, (o, value) => o with { Skip = value }, Choice<SkipKind>(),
            "What is added to each hidden layer but the first: nothing, the one before, or the first.",
            why: "The paper's; docs/recipe.md has the others.",
            paper: "3.1"),
        FitOption.Of(o => o.KernelReading, (o, value) => o with { KernelReading = value }, Choice<KernelReading>(),
            "How a smaller kernel is read from the values of the largest: their middle, or the averages or maxima of parts of them.",
            why: "The paper's.",
            paper: "3.1"),
        FitOption.Of(o => o.Ordering, (o, value) => o with { Ordering = value }, Choice<OrderingKind>(),
            "Order in which the predictor meets kernels: the smoother, the easier to fit; stored in the file.",
            why: "Cross-filter is the smoothest and the best in the paper's tables.",
            paper: "3.3"),
        FitOption.Of(o => o.Coordinates, (o, value) => o with { Coordinates = value }, Choice<CoordinateNormalization>(),
            "What coordinates are divided by: the extent of their layer, that of the largest, nothing.",
            why: "The paper's.",
            paper: "3.1"),
        FitOption.Of(o => o.EmbeddingKind, (o, value) => o with { EmbeddingKind = value }, Choice<EmbeddingKind>(),
            "How a coordinate is embedded: by powers of one frequency, or by frequencies drawn at random (Tancik et al., 2020).",
            why: "The paper's.",
            paper: "3.1, equation 1"),
        FitOption.Of(o => o.EmbeddingScales, (o, value) => o with { EmbeddingScales = value }, Scales,
            "With a Gaussian embedding, the standard deviations of the frequencies of layer, filter and channel, in periods over a layer.",
            why: "A start; what suits a network is to be tried."),
        FitOption.Of(o => o.EmbeddingBase, (o, value) => o with { EmbeddingBase = value }, Number<double>("B", ValueRange.Above(0, 16)),
            "Ratio of one frequency of the positional embedding to the one before.",
            why: "Above 1 the fit is far quicker (docs/recipe.md); the released configurations have 0.76.",
            paper: "3.1, equation 1 (b)"),
        FitOption.Of(o => o.EmbeddingLevels, (o, value) => o with { EmbeddingLevels = value },
            Number<int>("N", new(1, PositionalEmbedding.MostLevels)),
            "Frequencies of the positional embedding.",
            why: "The paper's.",
            paper: "3.1, equation 1 (N)"),
        FitOption.Of(o => o.Initialization, (o, value) => o with { Initialization = value }, Choice<Initialization>(),
            "First parameters: matched to mean and variance of the weights, or PyTorch's.",
            why: "The paper's: a fit need not find the scale of the weights first.",
            paper: "Appendix B"),
    ]);

    private static ValueSyntax<EmbeddingScales> Scaled(ValueSyntax<double[]> numbers) => new(
        numbers.Shape, numbers.Expected,
        (string text, out EmbeddingScales scales) =>
        {
            var values = numbers.TryRead(text, out var read) ? read : [];
            scales = values is [var layer, var filter, var channel] ? new(layer, filter, channel) : new(0, 0, 0);
            return values.Length == 3 && values.All(value => value is >= 0 and <= GaussianEmbedding.LargestScale);
        },
        scales => numbers.Write([scales.Layer, scales.Filter, scales.Channel]));
}
