using Nern.Training;
using Nern.Training.Sampling;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What a step of a fit is made of.</summary>
internal static class StepOptions
{
    private static readonly ValueRange Rate = ValueRange.Above(0, 10);

    internal static FitOptionGroup Group { get; } = new("Steps",
    [
        FitOption.Of(o => o.Batch, (o, value) => o with { Batch = value }, Number<int>("N", new(1, 65536)),
            "Images a step distils on.",
            why: "Four times as many steps of 64 get further in the same time than the paper's 256."),
        FitOption.Of(o => o.Kernels, (o, value) => o with { Kernels = value }, Number<int>("N", new(1, 1 << 24)),
            "Kernels a step takes gradients of.",
            why: "The paper's 2^12 for CIFAR.",
            paper: "3.2"),
        FitOption.Of(o => o.Sampling, (o, value) => o with { Sampling = value }, Choice<SamplingKind>(),
            "Which kernels those are: all, of one layer, any, or large ones more often.",
            why: "The paper's.",
            paper: "3.2"),
        FitOption.Of(o => o.UniformProbability, (o, value) => o with { UniformProbability = value }, Number<double>("P", new(0, 1)),
            "With magnitude sampling, the share of steps that take any.",
            why: "The paper's.",
            paper: "3.2"),
        FitOption.Of(o => o.Optimizer, (o, value) => o with { Optimizer = value }, Choice<OptimizerKind>(),
            "The optimiser.",
            why: "AdamW reaches the same reconstruction in fewer steps than the paper's Ranger."),
        FitOption.Of(o => o.LearningRate, (o, value) => o with { LearningRate = value }, Number<double>("R", Rate),
            "Learning rate at the start.",
            why: "For AdamW; the released configurations have 5e-3 for Ranger."),
        FitOption.Of(o => o.DistillationLearningRate, (o, value) => o with { DistillationLearningRate = value }, Number<double>("R", Rate),
            "Learning rate when distillation joins after a warm-up.",
            why: "Low, so as not to lose the weights that the warm-up found."),
        FitOption.Of(o => o.FinalLearningRate, (o, value) => o with { FinalLearningRate = value }, Number<double>("R", new(0, 10)),
            "Learning rate at the end of its cosine; at most what it starts from.",
            why: "The released configurations'."),
        FitOption.Of(o => o.WeightDecay, (o, value) => o with { WeightDecay = value }, Number<double>("W", new(0, 1)),
            "Decoupled weight decay.",
            why: "A predictor is to fit its kernels and nothing else. The paper's runs have 1e-3."),
    ]);
}
