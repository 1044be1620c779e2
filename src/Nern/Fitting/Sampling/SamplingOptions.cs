using Nern.Options;

namespace Nern.Fitting.Sampling;

/// <summary>Which kernels a step draws and predicts (paper, section 3.2).</summary>
public sealed record SamplingOptions
{
    // Of the kernels that are predicted anew, and the most.
    private const int DistillationPart = 8, MostDistillationKernels = 1 << 16;

    /// <summary>The most kernels a step takes gradients of; <see cref="SamplingKind.All"/> has no use for it.</summary>
    [Option(
        "Kernels a step on the weights takes gradients of.", "The paper's 2^12 for CIFAR.", Paper = "3.2", From = 1, To = 1 << 24)]
    public int Kernels { get; init; } = 4096;

    /// <summary>
    /// The same of a step that distils; null for an eighth of those it predicts anew, at most 2^16, or <see cref="Kernels"/> where those are
    /// more.
    /// </summary>
    [Option(
        "Kernels a distilling step takes gradients of. Auto is an eighth of those it predicts anew (refresh), at most 65536, "
        + "or as many as kernels where those are more.",
        "Of many kernels a few thousand let a step undo what the others have learned (docs/recipe.md); all are predicted in any case. The paper has "
        + "2^12 for CIFAR and 2^16 for ImageNet.",
        Paper = "3.2", From = 1, To = 1 << 24)]
    public int? DistillationKernels { get; init; }

    /// <summary>Which kernels those are.</summary>
    [Option("Which kernels those are: all, of one layer, any, or large ones more often.", "The paper's.", Paper = "3.2", Name = "Sampling")]
    public SamplingKind Kind { get; init; } = SamplingKind.Magnitude;

    /// <summary>How often <see cref="SamplingKind.Magnitude"/> draws a uniform batch all the same.</summary>
    [Option("With magnitude sampling, the share of steps that take any.", "The paper's.", Paper = "3.2", Shape = "P", From = 0, To = 1)]
    public double UniformProbability { get; init; } = 0.8;

    /// <summary>
    /// The share of all kernels that a distilling step predicts anew, besides those it takes gradients of; the others keep the weights of
    /// their last prediction. 1 is the paper's: all of them.
    /// </summary>
    [Option(
        "The share of all kernels that a distilling step predicts anew, the next ones in turn; besides them it predicts those it takes "
        + "gradients of. The others keep the weights they were last predicted as.",
        "The paper's: all of them.", Paper = "3.2", Shape = "SHARE", Above = 0, To = 1)]
    public double Refresh { get; init; } = 1;

    /// <summary>The options of a distilling step.</summary>
    /// <param name="all">How many kernels there are.</param>
    internal SamplingOptions Distilling(int all) => this with
    {
        Kernels = DistillationKernels ?? Math.Max(Kernels, Math.Min((int)(all * Refresh) / DistillationPart, MostDistillationKernels)),
    };
}

/// <summary>Through which kernels the gradient of a step flows (section 3.2 of the paper).</summary>
public enum SamplingKind
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those of one layer, each equally likely; where it is larger than a batch, a uniform batch of it.</summary>
    Layer,

    /// <summary>A uniform batch of all layers.</summary>
    Uniform,

    /// <summary>Mostly a uniform batch, else one in which large kernels are likelier. The paper's choice.</summary>
    Magnitude,
}
