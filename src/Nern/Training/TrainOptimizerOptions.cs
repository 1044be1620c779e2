using Nern.Engine;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Optimizers.Schedules;
using Nern.Options;

namespace Nern.Training;

/// <summary>How the parameters of a network in training move.</summary>
public sealed record TrainOptimizerOptions
{
    /// <summary>The optimiser.</summary>
    [Option("The optimiser.", "As He et al. 2016.", Name = "Optimizer")]
    public OptimizerKind Kind { get; init; } = OptimizerKind.Sgd;

    /// <summary>The learning rate behind the warm-up (He et al. 2016, section 4.2).</summary>
    [Option(
        "Learning rate behind the warm-up. For adamw, muon and ranger take about 1e-3.", "As He et al. 2016, for SGD.",
        Shape = "R", Above = 0, To = 100)]
    public double LearningRate { get; init; } = 0.1;

    /// <summary>SGD and Muon only: how much of the velocity is kept each step.</summary>
    [Option("With SGD and Muon, how much of the velocity is kept each step.", "As He et al. 2016.", Shape = "M", From = 0, Below = 1)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>SGD only: whether momentum is Nesterov's.</summary>
    [Option("With SGD, whether momentum is Nesterov's.", "It is never worse.")]
    public bool Nesterov { get; init; } = true;

    /// <summary>Weight decay of all parameters: coupled for SGD, decoupled for the others.</summary>
    [Option(
        "Weight decay of all parameters: coupled for SGD, decoupled for the others.",
        "Usual for CIFAR with few images; He et al. 2016 have 1e-4.", Shape = "W", From = 0, To = 1)]
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>How the learning rate goes on behind the warm-up.</summary>
    [Option("How the learning rate goes on behind the warm-up.", "A cosine needs no milestones.")]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>
    /// Step schedule only: the parts of the run after which the rate falls (He et al. 2016: after 32k and 48k of 64k steps).
    /// </summary>
    [Option(
        "With the step schedule, the parts of the training after which the rate falls.", "As He et al. 2016.",
        Shape = "P,P,…", From = 0, To = 1)]
    public double[] Milestones { get; init; } = [0.5, 0.75];

    /// <summary>Step schedule only: what the rate is multiplied with at each milestone.</summary>
    [Option(
        "With the step schedule, what the rate is multiplied with at each milestone.", "As He et al. 2016.", Shape = "F", Above = 0,
        To = 1)]
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Epochs over which the learning rate rises from 0; may be a part of one.</summary>
    [Option(
        "Epochs over which the learning rate rises from 0.", "A first step at the full rate can throw a network far off.", From = 0,
        To = 1e6)]
    public double WarmupEpochs { get; init; } = 1;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="epochs">Epochs in all.</param>
    internal float LearningRateAt(long step, long steps, int epochs)
    {
        var position = (double)step / steps;
        var rate = Schedule == LearningRateSchedule.Cosine
            ? new CosineDecay(LearningRate, 0).At(position)
            : new StepDecay(LearningRate, Milestones, StepFactor).At(position);
        var warmup = WarmupEpochs * steps / epochs;
        return step + 1 < warmup ? (float)(rate * (step + 1) / warmup) : rate;
    }

    /// <summary>The optimiser asked for, of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <param name="engine">The engine; it must outlive the optimiser.</param>
    /// <param name="precision">Of products that it takes.</param>
    /// <param name="blocks">The tensors.</param>
    internal Optimizer Create(CpuEngine engine, Precision precision, IReadOnlyList<ParameterBlock> blocks) => Kind switch
    {
        OptimizerKind.Sgd => new Sgd(blocks, new() { Momentum = Momentum, Nesterov = Nesterov, WeightDecay = WeightDecay }),
        OptimizerKind.AdamW => new AdamW(blocks, new() { WeightDecay = WeightDecay }),
        OptimizerKind.Muon => new Muon(engine, precision, blocks, new() { Momentum = Momentum, WeightDecay = WeightDecay }),
        _ => new Ranger(blocks, new() { WeightDecay = WeightDecay }),
    };
}

/// <summary>How the learning rate goes on behind the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine down to 0.</summary>
    Cosine,
    /// <summary>Down by a factor at some milestones.</summary>
    Step,
}
