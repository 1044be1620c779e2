using Nern.Fitting;
using Nern.Objectives;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What a fit brings down.</summary>
internal static class ObjectiveOptions
{
    internal static OptionEntryGroup<FitOptions> Group { get; } = new("Objective",
    [
        FitOption.Of(o => o.Reconstruction, (o, value) => o with { Reconstruction = value }, Number<double>("W", ValueRange.AtLeast(0)),
            "Weight of the loss on the weights while distillation is on; 0 leaves it out. Before, it is the only loss, and whole.",
            why: "The paper's.",
            paper: "equation 2, equation 3"),
        FitOption.Of(o => o.Kd, (o, value) => o with { Kd = value }, Number<double>("W", ValueRange.AtLeast(0)),
            "Weight of the distillation of logits; 0 leaves it out.",
            why: "The paper's 1e-4 suits tens of thousands of steps; "
                + "after a warm-up ten times that gets there in a fraction of them, on noise too.",
            paper: "equation 2 (alpha), equation 5"),
        FitOption.Of(o => o.Fmd, (o, value) => o with { Fmd = value }, Number<double>("W", ValueRange.AtLeast(0)),
            "Weight of the distillation of feature maps; 0 leaves it out.",
            why: "The same as kd, as in the paper.",
            paper: "equation 2 (beta), equation 4"),
        FitOption.Of(o => o.Warmup, (o, value) => o with { Warmup = value }, Number<long>("N", ValueRange.AtLeast(0)).Or("auto"),
            "Steps on the weights alone before distillation joins. Auto is until their loss has stopped falling, or a third of the budget "
            + "if that ends first.",
            why: "Such a step needs no images and costs a fraction. The paper has 0 for ResNet-20."),
        FitOption.Of(o => o.Weighting, (o, value) => o with { Weighting = value }, Choice<KernelWeighting>(),
            "How much the error of a kernel counts in the loss on the weights: all alike, relative to its layer, or by its Fisher information.",
            why: "docs/recipe.md."),
        FitOption.Of(o => o.ReconstructionForm, (o, value) => o with { ReconstructionForm = value }, Choice<ReconstructionLossForm>(),
            "Form of the loss on the weights.",
            why: "The released code's; the paper's formula is norm-over-count.",
            paper: "equation 3"),
        FitOption.Of(o => o.KdForm, (o, value) => o with { KdForm = value }, Choice<LogitLossForm>(),
            "Form of the loss on the logits: with log(q + 1e-4), or exact.",
            why: "The released code's; the paper's formula is exact.",
            paper: "equation 5"),
        FitOption.Of(o => o.FmdForm, (o, value) => o with { FmdForm = value }, Choice<FeatureMapLossForm>(),
            "Form of the loss on the feature maps: divided by their norms plus 1e-3, or exactly by their norms.",
            why: "The released code's; the paper's formula is exact.",
            paper: "equation 4"),
        FitOption.Of(o => o.SumsTwice, (o, value) => o with { SumsTwice = value }, Flag,
            "Whether a feature map that is the sum of a residual block counts twice.",
            why: "The released code counts it twice.",
            paper: "equation 4"),
    ]);
}
