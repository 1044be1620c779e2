using Nern.Objectives;
using Nern.Options;

namespace Nern.Fitting;

/// <summary>What a fit brings down (paper, equation 2).</summary>
public sealed record ObjectiveOptions
{
    /// <summary>
    /// Weight of the reconstruction loss while distillation is on; 0 leaves it out. Before that it is the only loss, and whole.
    /// </summary>
    [Option(
        "Weight of the loss on the weights while distillation is on; 0 leaves it out. Before, it is the only loss, and whole.",
        "The paper's.",
        Paper = "equation 2, equation 3", Shape = "W", From = 0)]
    public double Reconstruction { get; init; } = 1;

    /// <summary>Weight of logit distillation (alpha of equation 2); 0 leaves it out.</summary>
    [Option(
        "Weight of the distillation of logits; 0 leaves it out.",
        "The paper's 1e-4 suits tens of thousands of steps; after a warm-up ten times that gets there in a fraction of them, on noise too.",
        Paper = "equation 2 (alpha), equation 5", Shape = "W", From = 0)]
    public double Kd { get; init; } = 1e-3;

    /// <summary>Weight of feature-map distillation (beta of equation 2); 0 leaves it out.</summary>
    [Option(
        "Weight of the distillation of feature maps; 0 leaves it out.", "The same as kd, as in the paper.",
        Paper = "equation 2 (beta), equation 4", Shape = "W", From = 0)]
    public double Fmd { get; init; } = 1e-3;

    /// <summary>
    /// Steps of reconstruction alone before distillation joins. Null is until the loss has stopped falling
    /// (<see cref="OptimizerOptions.Plateau"/>), or a third of the budget (of noise two thirds) where that comes first.
    /// </summary>
    [Option(
        "Steps on the weights alone before distillation joins. Auto is until their loss has stopped falling, or a third of the budget "
        + "(on noise two thirds) if that ends first.",
        "Such a step needs no images and costs a fraction. The paper has 0 for ResNet-20.", From = 0)]
    public long? Warmup { get; init; }

    /// <summary>How much the error of each kernel counts in the reconstruction loss.</summary>
    [Option(
        "How much the error of a kernel counts in the loss on the weights: all alike, relative to its layer, or by its Fisher information.",
        "docs/recipe.md.")]
    public KernelWeighting Weighting { get; init; }

    /// <summary>Form of the reconstruction loss.</summary>
    [Option("Form of the loss on the weights.", "The released code's; the paper's formula is norm-over-count.", Paper = "equation 3")]
    public ReconstructionLossForm ReconstructionForm { get; init; } = ReconstructionLossForm.RootMeanSquare;

    /// <summary>Form of the logit distillation loss.</summary>
    [Option(
        "Form of the loss on the logits: with log(q + 1e-4), or exact.", "The released code's; the paper's formula is exact.",
        Paper = "equation 5")]
    public LogitLossForm KdForm { get; init; } = LogitLossForm.Stable;

    /// <summary>Form of the feature-map distillation loss.</summary>
    [Option(
        "Form of the loss on the feature maps: divided by their norms plus 1e-3, or exactly by their norms.",
        "The released code's; the paper's formula is exact.", Paper = "equation 4")]
    public FeatureMapLossForm FmdForm { get; init; } = FeatureMapLossForm.Released;

    /// <summary>
    /// Whether a feature map that is a sum counts twice: the released code lists the map before the residual sum too, but adds in place.
    /// </summary>
    [Option(
        "Whether a feature map that is the sum of a residual block counts twice.", "The released code counts it twice.",
        Paper = "equation 4")]
    public bool SumsTwice { get; init; } = true;

    /// <summary>The weights of the losses once distillation has joined (equation 2).</summary>
    public LossWeights Weights => new(Reconstruction, Kd, Fmd);
}
