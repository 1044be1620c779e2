using Nern.Representation;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What the predictor is, and what it is asked.</summary>
internal static class PredictorOptions
{
    internal static FitOptionGroup Group { get; } = new("Predictor",
    [
        FitOption.Of(o => o.Hidden, (o, value) => o with { Hidden = value }, Number<int>("N", new(1, PredictorShape.LargestHidden)),
            "Hidden size of the predictor: the larger, the better the reconstruction and the larger the file.",
            why: "Half the size of ResNet-20; the paper's tables for it start from here.",
            paper: "3.1"),
        FitOption.Of(o => o.Depth, (o, value) => o with { Depth = value }, Number<int>("N", new(2, 32)),
            "Linear layers of the predictor.",
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
        FitOption.Of(o => o.EmbeddingBase, (o, value) => o with { EmbeddingBase = value }, Number<double>("B", ValueRange.Above(0, 16)),
            "Ratio of one frequency of the positional embedding to the one before.",
            why: "Above 1 the fit is far quicker; the released configurations have 0.76.",
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
}
