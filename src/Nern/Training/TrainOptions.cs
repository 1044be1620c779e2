using System.Text.Json.Nodes;
using Nern.Engine;
using Nern.OneDnn;
using Nern.Options;

namespace Nern.Training;

/// <summary>
/// Everything that decides how an original is trained. Values are checked by <see cref="Validate"/>, which a trainer calls first.
/// </summary>
public sealed record TrainOptions
{
    private static readonly string[] OrderInFiles =
    [
        "epochs", "batch", "optimizer", "learningRate", "momentum", "nesterov", "weightDecay", "schedule", "milestones", "stepFactor",
        "warmupEpochs", "labelSmoothing", "flip", "crop", "smoothness", "validation", "precision", "seed",
    ];

    /// <summary>How often every training image is seen.</summary>
    [Option(
        "How often every training image is seen.", "Enough for a few thousand images; for a tenth of a million, less.", From = 1, To = 1e6)]
    public int Epochs { get; init; } = 60;

    /// <summary>Images a step takes; batch normalisation sees them together.</summary>
    [Option("Images a step takes.", "As He et al. 2016.", From = 1, To = 65536)]
    public int Batch { get; init; } = 128;

    /// <summary>The share of each label that is spread over all classes.</summary>
    [Option("The share of each label that is spread over all classes.", "The CIFAR networks have none.", Shape = "SHARE", From = 0,
        Below = 1)]
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of the regulariser that makes neighbouring kernels alike (paper, equation 6); the paper's are 1e-6 to 5e-5.
    /// </summary>
    [Option(
        "Weight of the regulariser that makes neighbouring kernels alike; the paper takes 1e-6 to 5e-5.",
        "Off: it costs accuracy of the original (docs/results.md).", Paper = "3.3", Shape = "FACTOR", From = 0, To = 1)]
    public double Smoothness { get; init; }

    /// <summary>
    /// Training images set aside, of which the accuracy decides which epoch is kept; at most an eighth of all. 0 trains on all and keeps
    /// the last epoch.
    /// </summary>
    [Option(
        "Training images set aside, by which the epoch that is kept is chosen; 0 trains on all and keeps the last.",
        "A choice by the test images would make their accuracy look better than it is.", From = 0)]
    public int Validation { get; init; } = 500;

    /// <summary>Precision of products and activations; null is the processor's <see cref="Precisions.Fastest"/>.</summary>
    [Option(
        "Precision while training; parameters and evaluations are always f32. Auto is bf16 where the processor has it, else f32.",
        "bf16 is as good, and a step takes about half the time (docs/performance.md).")]
    public Precision? Precision { get; init; }

    /// <summary>The seed of all randomness.</summary>
    [Option("Seed of all randomness.", "Any seed would do; a fixed one makes trainings repeatable.", Shape = "S")]
    public ulong Seed { get; init; }

    /// <summary>How images are altered.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>How a step is made.</summary>
    public TrainOptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The options by name, for files.</summary>
    public JsonObject ToJson() => OptionSet<TrainOptions>.ToJson(this, OrderInFiles);

    /// <summary>Checks every value.</summary>
    /// <exception cref="NernException">A value is out of range; the message names it.</exception>
    public TrainOptions Validate()
    {
        OptionSet<TrainOptions>.Check(this);
        return this;
    }

    /// <summary>These options, checked, with the precision of <paramref name="engine"/> where they leave it open.</summary>
    internal TrainOptions For(CpuEngine engine) => Validate() with { Precision = engine.Check(Precision ?? engine.Fastest()) };
}
