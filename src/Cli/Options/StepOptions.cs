using Nern.Fitting;
using Nern.Fitting.Sampling;
using Nern.Optimizers;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What a step of a fit is made of.</summary>
internal static class StepOptions
{
    private static readonly ValueRange Rate = ValueRange.Above(0, 10);

    internal static OptionEntryGroup<FitOptions> Group { get; } = new("Steps",
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
        FitOption.Of(o => o.Refresh, (o, value) => o with { Refresh = value }, Number<double>("SHARE", ValueRange.Above(0, 1)),
            "The share of all kernels that a distilling step predicts anew, the next ones in turn; besides them it predicts those it takes "
            + "gradients of. The others keep the weights they were last predicted as.",
            why: "The paper's: all of them.",
            paper: "3.2"),
        FitOption.Of(o => o.Optimizer, (o, value) => o with { Optimizer = value }, Choice<OptimizerKind>(),
            "The optimiser.",
            why: "AdamW reaches the same reconstruction in fewer steps than the paper's Ranger."),
        FitOption.Of(o => o.LearningRate, (o, value) => o with { LearningRate = value }, Number<double>("R", Rate).Or("auto"),
            "Learning rate at the start. Auto is 3.2 over the hidden size, at most 0.03.",
            why: "For AdamW: with a slow start and a long fall, the weights settle in a minute (docs/recipe.md). The released configurations have 5e-3 for Ranger."),
        FitOption.Of(o => o.DistillationLearningRate, (o, value) => o with { DistillationLearningRate = value }, Number<double>("R", Rate),
            "Learning rate when distillation joins after a warm-up.",
            why: "Low, so as not to lose the weights that the warm-up found."),
        FitOption.Of(o => o.FinalLearningRate, (o, value) => o with { FinalLearningRate = value }, Number<double>("R", new(0, 10)),
            "Learning rate at the end of its cosine; at most what it starts from.",
            why: "The released configurations'."),
        FitOption.Of(o => o.DecayFrom, (o, value) => o with { DecayFrom = value }, Number<double>("PART", new(0, 1)),
            "The part of a phase's budget after which its learning rate falls along half a cosine; until then it stays.",
            why: "docs/recipe.md. The paper's plain cosine is 0, and leaves no room for a plateau."),
        FitOption.Of(o => o.Plateau, (o, value) => o with { Plateau = value }, Number<double>("FALL", ValueRange.Decay),
            "The relative fall of a phase's loss, from one window of steps to the next, below which its learning rate begins to fall at "
            + "once and the phase ends early; 0 leaves the end to the budget.",
            why: "A phase ends where it has nothing left to gain, not at a number of steps that suits one network (docs/recipe.md)."),
        FitOption.Of(o => o.Averaging, (o, value) => o with { Averaging = value }, Number<double>("DECAY", ValueRange.Decay),
            "Decay of an exponential average of the parameters, which is then what is evaluated and kept; 0 for none.",
            why: "docs/recipe.md."),
        FitOption.Of(o => o.WeightDecay, (o, value) => o with { WeightDecay = value }, Number<double>("W", new(0, 1)),
            "Decoupled weight decay.",
            why: "A predictor is to fit its kernels and nothing else. The paper's runs have 1e-3."),
        FitOption.Of(o => o.Beta1, (o, value) => o with { Beta1 = value }, Number<double>("B", ValueRange.Decay).Or("auto"),
            "Decay of the optimiser's first moment. Auto is 0.5 for Ranger, 0.9 for AdamW.",
            why: "The released configurations' for Ranger, Adam's own for AdamW."),
        FitOption.Of(o => o.Beta2, (o, value) => o with { Beta2 = value }, Number<double>("B", ValueRange.Decay).Or("auto"),
            "Decay of the optimiser's second moment. Auto is 0.999.",
            why: "The released configurations', and Adam's own."),
        FitOption.Of(o => o.CentralizeGradient, (o, value) => o with { CentralizeGradient = value }, Flag,
            "With Ranger, whether rows of the matrices' gradients have their means taken off.",
            why: "Ranger's own; the released configurations do not."),
    ]);
}
