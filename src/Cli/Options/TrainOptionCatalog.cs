using System.Linq.Expressions;
using Nern.Engine;
using Nern.Optimizers;
using Nern.Training;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>All options of a training, by subject: what the command line and docs/options.md are made from.</summary>
internal static class TrainOptionCatalog
{
    internal static OptionEntryGroup<TrainOptions> Images { get; } = new("Images",
    [
        Of(o => o.Flip, (o, value) => o with { Flip = value }, Flag,
            "Whether half of the images are mirrored left to right.",
            why: "As is usual for CIFAR."),
        Of(o => o.Crop, (o, value) => o with { Crop = value }, Number<int>("N", new(0, 1024)),
            "Black pixels added on each side before a crop at random; 0 for no crop. Images of a folder that are resized are cropped to parts of any size, unless it is 0.",
            why: "As is usual for CIFAR; parts of 8 to 100 % of an image are usual for ImageNet."),
        Of(o => o.Validation, (o, value) => o with { Validation = value }, Number<int>("N", ValueRange.AtLeast(0)),
            "Training images set aside, by which the epoch that is kept is chosen; 0 trains on all and keeps the last.",
            why: "A choice by the test images would make their accuracy look better than it is."),
    ]);

    internal static OptionEntryGroup<TrainOptions> Budget { get; } = new("Budget",
    [
        Of(o => o.Epochs, (o, value) => o with { Epochs = value }, Number<int>("N", new(1, 1e6)),
            "How often every training image is seen.",
            why: "Enough for a few thousand images; for a tenth of a million, less."),
        Of(o => o.Precision, (o, value) => o with { Precision = value }, Choice<Precision>().Or("auto"),
            "Precision while training; parameters and evaluations are always f32. Auto is bf16 where the processor has it, else f32.",
            why: "bf16 is as good, and a step takes about half the time (docs/performance.md)."),
        Of(o => o.Seed, (o, value) => o with { Seed = value }, Number<ulong>("S"),
            "Seed of all randomness.",
            why: "Any seed would do; a fixed one makes trainings repeatable."),
    ]);

    internal static OptionEntryGroup<TrainOptions> Objective { get; } = new("Objective",
    [
        Of(o => o.LabelSmoothing, (o, value) => o with { LabelSmoothing = value }, Number<double>("SHARE", ValueRange.Decay),
            "The share of each label that is spread over all classes.",
            why: "The CIFAR networks have none."),
        Of(o => o.Smoothness, (o, value) => o with { Smoothness = value }, Number<double>("FACTOR", new(0, 1)),
            "Weight of the regulariser that makes neighbouring kernels alike; the paper takes 1e-6 to 5e-5.",
            why: "Off: it costs accuracy of the original (docs/results.md).",
            paper: "3.3"),
    ]);

    internal static OptionEntryGroup<TrainOptions> Steps { get; } = new("Steps",
    [
        Of(o => o.Batch, (o, value) => o with { Batch = value }, Number<int>("N", new(1, 65536)),
            "Images a step takes.",
            why: "As He et al. 2016."),
        Of(o => o.Optimizer, (o, value) => o with { Optimizer = value }, Choice<OptimizerKind>(),
            "The optimiser.",
            why: "As He et al. 2016."),
        Of(o => o.LearningRate, (o, value) => o with { LearningRate = value }, Number<double>("R", ValueRange.Above(0, 100)),
            "Learning rate behind the warm-up. For adamw and ranger take about 1e-3.",
            why: "As He et al. 2016, for SGD."),
        Of(o => o.Momentum, (o, value) => o with { Momentum = value }, Number<double>("M", ValueRange.Decay),
            "With SGD, how much of the velocity is kept each step.",
            why: "As He et al. 2016."),
        Of(o => o.Nesterov, (o, value) => o with { Nesterov = value }, Flag,
            "With SGD, whether momentum is Nesterov's.",
            why: "It is never worse."),
        Of(o => o.WeightDecay, (o, value) => o with { WeightDecay = value }, Number<double>("W", new(0, 1)),
            "Weight decay of all parameters: coupled for SGD, decoupled for the others.",
            why: "Usual for CIFAR with few images; He et al. 2016 have 1e-4."),
        Of(o => o.Schedule, (o, value) => o with { Schedule = value }, Choice<LearningRateSchedule>(),
            "How the learning rate goes on behind the warm-up.",
            why: "A cosine needs no milestones."),
        Of(o => o.Milestones, (o, value) => o with { Milestones = value },
            Numbers<double>("P,P,…", "numbers from 0 to 1 with commas between them, such as 0.5,0.75"),
            "With the step schedule, the parts of the training after which the rate falls.",
            why: "As He et al. 2016."),
        Of(o => o.StepFactor, (o, value) => o with { StepFactor = value }, Number<double>("F", ValueRange.Above(0, 1)),
            "With the step schedule, what the rate is multiplied with at each milestone.",
            why: "As He et al. 2016."),
        Of(o => o.WarmupEpochs, (o, value) => o with { WarmupEpochs = value }, Number<double>("N", ValueRange.AtLeast(0)),
            "Epochs over which the learning rate rises from 0.",
            why: "A first step at the full rate can throw a network far off."),
    ]);

    internal static IReadOnlyList<OptionEntryGroup<TrainOptions>> Groups { get; } = [Images, Budget, Objective, Steps];

    private static OptionEntry<TrainOptions> Of<T>(
        Expression<Func<TrainOptions, T>> get, Func<TrainOptions, T, TrainOptions> set, ValueSyntax<T> syntax, string description, string why,
        string paper = "") => OptionEntry<TrainOptions>.Of(get, set, syntax, description, why, paper);
}
