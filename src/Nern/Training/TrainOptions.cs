using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Engine;
using Nern.Files;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Optimizers.Schedules;

namespace Nern.Training;

/// <summary>How the learning rate goes on behind the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine down to 0.</summary>
    Cosine,
    /// <summary>Down by a factor at some milestones.</summary>
    Step,
}

/// <summary>Everything that decides how an original is trained. Values are checked by <see cref="Validate"/>, which a trainer calls first.</summary>
public sealed record TrainOptions
{
    /// <summary>How often every training image is seen.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Images a step takes; batch normalisation sees them together.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The optimiser.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The learning rate behind the warm-up (He et al. 2016, section 4.2).</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>SGD only: how much of the velocity is kept each step.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>SGD only: whether momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Weight decay of all parameters: coupled for SGD, decoupled for the others.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>How the learning rate goes on behind the warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Step schedule only: the parts of the run after which the rate falls (He et al. 2016: after 32k and 48k of 64k steps).</summary>
    public double[] Milestones { get; init; } = [0.5, 0.75];

    /// <summary>Step schedule only: what the rate is multiplied with at each milestone.</summary>
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Epochs over which the learning rate rises from 0; may be a part of one.</summary>
    public double WarmupEpochs { get; init; } = 1;

    /// <summary>The share of each label that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether half of the images are mirrored left to right.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>
    /// Black pixels added on each side before a crop at random; 0 for no crop. Images of a folder that are resized are cropped to parts
    /// of any size, unless it is 0.
    /// </summary>
    public int Crop { get; init; } = 4;

    /// <summary>Weight of the regulariser that makes neighbouring kernels alike (paper, equation 6); the paper's are 1e-6 to 5e-5.</summary>
    public double Smoothness { get; init; }

    /// <summary>
    /// Training images set aside, of which the accuracy decides which epoch is kept; at most an eighth of all. 0 trains on all and keeps the last epoch.
    /// </summary>
    public int Validation { get; init; } = 500;

    /// <summary>Precision of products and activations; null is the processor's <see cref="Precisions.Fastest"/>.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The seed of all randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options by name, for files.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, NernJson.Options)!.AsObject();

    /// <summary>Checks every value.</summary>
    /// <exception cref="NernException">A value is out of range; the message names it.</exception>
    public TrainOptions Validate()
    {
        new OptionRange(1, 1e6).Check(nameof(Epochs), Epochs);
        new OptionRange(1, 65536).Check(nameof(Batch), Batch);
        new OptionRange(0, 100) { ExcludesMinimum = true }.Check(nameof(LearningRate), LearningRate);
        OptionRange.Decay.Check(nameof(Momentum), Momentum);
        new OptionRange(0, 1).Check(nameof(WeightDecay), WeightDecay);
        _ = new StepDecay(LearningRate, Milestones, StepFactor);
        new OptionRange(0, 1e6).Check(nameof(WarmupEpochs), WarmupEpochs);
        OptionRange.Decay.Check(nameof(LabelSmoothing), LabelSmoothing);
        new OptionRange(0, 1024).Check(nameof(Crop), Crop);
        new OptionRange(0, 1).Check(nameof(Smoothness), Smoothness);
        OptionRange.AtLeast(0).Check(nameof(Validation), Validation);
        return this;
    }

    /// <summary>These options, checked, with the precision of <paramref name="engine"/> where they leave it open.</summary>
    internal TrainOptions For(CpuEngine engine) => Validate() with { Precision = engine.Check(Precision ?? engine.Fastest()) };

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    internal float LearningRateAt(long step, long steps)
    {
        var position = (double)step / steps;
        var rate = Schedule == LearningRateSchedule.Cosine
            ? new CosineDecay(LearningRate, 0).At(position)
            : new StepDecay(LearningRate, Milestones, StepFactor).At(position);
        var warmup = WarmupEpochs * steps / Epochs;
        return step + 1 < warmup ? (float)(rate * (step + 1) / warmup) : rate;
    }

    /// <summary>The optimiser asked for, of the tensors that <paramref name="blocks"/> describes.</summary>
    internal Optimizer CreateOptimizer(IReadOnlyList<ParameterBlock> blocks) => Optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(blocks, new() { Momentum = Momentum, Nesterov = Nesterov, WeightDecay = WeightDecay }),
        OptimizerKind.AdamW => new AdamW(blocks, new() { WeightDecay = WeightDecay }),
        OptimizerKind.Ranger => new Ranger(blocks, new() { WeightDecay = WeightDecay }),
        _ => throw new NernException($"The option {nameof(Optimizer)} must be one of {string.Join(", ", Enum.GetNames<OptimizerKind>())}, but is {Optimizer}."),
    };
}
