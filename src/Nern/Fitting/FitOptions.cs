using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Data;
using Nern.Engine;
using Nern.Files;
using Nern.Fitting.Sampling;
using Nern.Kernels;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>
/// Everything that decides how a representation is fitted. Values are checked by <see cref="Validate"/>, which a fit calls first.
/// </summary>
public sealed record FitOptions
{
    // Any number.
    private const ulong EmbeddingSeed = 0x656D626564;

    /// <summary>The convolutions that the predictor gives; the others stay as they are. The paper's ResNet-18 is kernel=3x3.</summary>
    public LayerSelection Layers { get; init; } = LayerSelection.All;

    /// <summary>Hidden size of the predictor. The paper's smallest for ResNet-20 is 140; its tables start from 160.</summary>
    public int Hidden { get; init; } = 160;

    /// <summary>Linear layers of the predictor (paper, section 3.1).</summary>
    public int Depth { get; init; } = 5;

    /// <summary>
    /// What stands between the predictor's layers. ReLU is the paper's, and the quickest; GELU comes much closer to the weights in as
    /// many steps (docs/recipe.md).
    /// </summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>What is added behind the activations of hidden layers but the first; nothing in the paper.</summary>
    public SkipKind Skip { get; init; } = SkipKind.None;

    /// <summary>How kernels smaller than the predictor's output are read from it (paper, section 3.1: the middle).</summary>
    public KernelReading KernelReading { get; init; } = KernelReading.Middle;

    /// <summary>How the first parameters are drawn.</summary>
    public Initialization Initialization { get; init; } = Initialization.Matched;

    /// <summary>The order in which the predictor meets kernels. Cross-filter is the smoothest (paper, table 1).</summary>
    public OrderingKind Ordering { get; init; } = OrderingKind.CrossFilter;

    /// <summary>What coordinates are divided by.</summary>
    public CoordinateNormalization Coordinates { get; init; } = CoordinateNormalization.Local;

    /// <summary>How coordinates are embedded.</summary>
    public EmbeddingKind EmbeddingKind { get; init; } = EmbeddingKind.Positional;

    /// <summary>
    /// Gaussian embedding only: how far its frequencies spread, axis by axis. By default as far as those of the positional embedding
    /// with its defaults, whose root mean square is 7.8 periods over the unit interval.
    /// </summary>
    public EmbeddingScales EmbeddingScales { get; init; } = new(8, 8, 8);

    /// <summary>b of equation 1. The released configurations have 0.76; above 1 the fit is far quicker (docs/recipe.md).</summary>
    public double EmbeddingBase { get; init; } = 1.16;

    /// <summary>N of equation 1; the number of frequencies of either embedding.</summary>
    public int EmbeddingLevels { get; init; } = 40;

    /// <summary>Form of the reconstruction loss.</summary>
    public ReconstructionLossForm ReconstructionForm { get; init; } = ReconstructionLossForm.RootMeanSquare;

    /// <summary>How much the error of each kernel counts in the reconstruction loss.</summary>
    public KernelWeighting Weighting { get; init; }

    /// <summary>Form of the logit distillation loss.</summary>
    public LogitLossForm KdForm { get; init; } = LogitLossForm.Stable;

    /// <summary>Form of the feature-map distillation loss.</summary>
    public FeatureMapLossForm FmdForm { get; init; } = FeatureMapLossForm.Released;

    /// <summary>
    /// Whether a feature map that is a sum counts twice. It does in the released code, which lists the map before the residual sum
    /// too but adds in place.
    /// </summary>
    public bool SumsTwice { get; init; } = true;

    /// <summary>
    /// Weight of the reconstruction loss while distillation is on; 0 leaves it out. Before that it is the only loss, and whole.
    /// </summary>
    public double Reconstruction { get; init; } = 1;

    /// <summary>
    /// Weight of logit distillation (alpha of equation 2); 0 leaves it out. The paper's 1e-4 suits tens of thousands of steps; after a
    /// warm-up ten times that is within two points of the original in a fraction of them, and holds on noise too (docs/results.md).
    /// </summary>
    public double Kd { get; init; } = 1e-3;

    /// <summary>Weight of feature-map distillation (beta of equation 2); 0 leaves it out.</summary>
    public double Fmd { get; init; } = 1e-3;

    /// <summary>
    /// Steps of reconstruction alone before distillation joins; they need no images and cost a fraction. Null is until the loss has
    /// stopped falling (<see cref="Plateau"/>), or a third of the budget where that comes first.
    /// </summary>
    public long? Warmup { get; init; }

    /// <summary>Which kernels a step takes gradients of.</summary>
    public SamplingKind Sampling { get; init; } = SamplingKind.Magnitude;

    /// <summary>Kernels a step takes gradients of (the paper's 2^12 for CIFAR).</summary>
    public int Kernels { get; init; } = 4096;

    /// <summary>Magnitude sampling only: the share of uniform batches.</summary>
    public double UniformProbability { get; init; } = 0.8;

    /// <summary>
    /// The share of all kernels that a distilling step predicts anew, besides those it takes gradients of; the others keep the weights of
    /// their last prediction. 1 is the paper's: all of them.
    /// </summary>
    public double Refresh { get; init; } = 1;

    /// <summary>The optimiser. The paper's is Ranger; AdamW reaches the same reconstruction in fewer steps (docs/results.md).</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>
    /// The learning rate at the start: high, so that the weights settle in a minute. Null is 3.2 over <see cref="Hidden"/>, at most 0.03
    /// (docs/recipe.md).
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// The learning rate when distillation joins after a warm-up: lower, so as not to lose the weights that were found. Warm-up and
    /// distillation each have a fall of their own.
    /// </summary>
    public double DistillationLearningRate { get; init; } = 3e-4;

    /// <summary>The learning rate at the end of a cosine.</summary>
    public double FinalLearningRate { get; init; } = 1e-6;

    /// <summary>
    /// The part of a phase's budget after which its learning rate falls along half a cosine; until then it stays. 0 is the paper's
    /// plain cosine, which leaves no room for <see cref="Plateau"/>.
    /// </summary>
    public double DecayFrom { get; init; } = 0.25;

    /// <summary>
    /// The relative fall of a phase's loss, from one window of steps to the next a quarter longer, below which the phase's learning rate begins to fall
    /// at once, and the phase ends early; 0 leaves the end to the budget.
    /// </summary>
    public double Plateau { get; init; } = 0.03;

    /// <summary>Decoupled weight decay; the paper's runs have 1e-3.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Decay of an exponential average of the parameters, which is what is evaluated and kept; 0 keeps the parameters themselves.
    /// </summary>
    public double Averaging { get; init; }

    /// <summary>The noise that is distilled on instead of images; <see cref="FitInputs"/> are made of it.</summary>
    public NoiseKind Noise { get; init; }

    /// <summary>Decay of the first moment, or momentum. Null is the optimiser's own: 0.5 for Ranger (the released code), 0.9 for AdamW and SGD.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Decay of the second moment. Null is the optimiser's own, 0.999 for both.</summary>
    public double? Beta2 { get; init; }

    /// <summary>Ranger only: whether rows of matrices' gradients have their means taken off. The released configurations do not.</summary>
    public bool CentralizeGradient { get; init; } = true;

    /// <summary>Images a step distils on. The paper takes 256; four times as many steps of 64 get further in the same time.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>
    /// Rounds, which share the budget: each after the first fits the reconstruction of the one before.
    /// </summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Steps in all; 0 leaves the end to <see cref="Minutes"/>.</summary>
    public long Steps { get; init; }

    /// <summary>Minutes in all, or null. With a budget of time the schedule follows the clock, and runs are not bit-equal.</summary>
    public double? Minutes { get; init; }

    /// <summary>
    /// Precision of the products and activations in the networks and in the predictor; parameters, their gradients, predictions, losses
    /// and the optimiser are float32 in any case. Null is the processor's <see cref="Precisions.Fastest"/>: bfloat16 is as good (docs/performance.md).
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>The seed of all randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between two evaluations; 0 evaluates twenty times in all.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>The weights of the losses once distillation has joined (equation 2).</summary>
    public LossWeights Weights => new(Reconstruction, Kd, Fmd);

    /// <summary>The options by name, for a file's provenance.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, NernJson.Options)!.AsObject();

    /// <summary>The precision asked for, or the fastest of <paramref name="engine"/>.</summary>
    /// <exception cref="NernException">The processor cannot do it.</exception>
    internal Precision PrecisionOn(CpuEngine engine) => engine.Check(Precision ?? engine.Fastest());

    /// <summary>These options, checked, with what they leave open decided: the precision of <paramref name="engine"/> and the learning rate.</summary>
    /// <exception cref="NernException">A value is out of range, or the processor cannot do it.</exception>
    internal FitOptions For(CpuEngine engine)
    {
        var precision = PrecisionOn(engine);
        return Validate() with { Precision = precision, LearningRate = InitialLearningRate };
    }

    /// <summary>The learning rate at the start, where none is given by the hidden size: wider layers bear less.</summary>
    internal double InitialLearningRate => LearningRate ?? Math.Min(0.03, 3.2 / Hidden);

    /// <summary>The predictor asked for, of <paramref name="layers"/> met in the order of <paramref name="orderings"/>.</summary>
    internal PredictorDesign CreateDesign(IReadOnlyList<LearnableLayer> layers, IReadOnlyList<Ordering> orderings) =>
        new(layers, orderings, Coordinates, CreateEmbedding(), Hidden, Depth, Activation, Skip, KernelReading);

    // A stream of its own, so that the embedding shifts no other draw.
    private Embedding CreateEmbedding() => EmbeddingKind == EmbeddingKind.Gaussian
        ? GaussianEmbedding.Draw(EmbeddingLevels, EmbeddingScales, new Generator(Seed ^ EmbeddingSeed))
        : new PositionalEmbedding(EmbeddingBase, EmbeddingLevels);

    /// <summary>The optimiser asked for, of the tensors that <paramref name="blocks"/> describes.</summary>
    internal Optimizer CreateOptimizer(IReadOnlyList<ParameterBlock> blocks)
    {
        if (Optimizer == OptimizerKind.AdamW)
        {
            var adam = new AdamWOptions { WeightDecay = WeightDecay };
            return new AdamW(blocks, adam with { Beta1 = Beta1 ?? adam.Beta1, Beta2 = Beta2 ?? adam.Beta2 });
        }
        if (Optimizer == OptimizerKind.Sgd)
            return new Sgd(blocks, new() { Momentum = Beta1 ?? new SgdOptions().Momentum, WeightDecay = WeightDecay });
        var ranger = new RangerOptions { WeightDecay = WeightDecay, CentralizeGradient = CentralizeGradient };
        return new Ranger(blocks, ranger with { Beta1 = Beta1 ?? ranger.Beta1, Beta2 = Beta2 ?? ranger.Beta2 });
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="NernException">A value is out of range; the message names it.</exception>
    public FitOptions Validate()
    {
        CheckDefined(nameof(Activation), Activation);
        CheckDefined(nameof(Skip), Skip);
        CheckDefined(nameof(KernelReading), KernelReading);
        CheckDefined(nameof(Initialization), Initialization);
        CheckDefined(nameof(Ordering), Ordering);
        CheckDefined(nameof(Coordinates), Coordinates);
        CheckDefined(nameof(EmbeddingKind), EmbeddingKind);
        CheckDefined(nameof(Weighting), Weighting);
        CheckDefined(nameof(Noise), Noise);
        CheckDefined(nameof(ReconstructionForm), ReconstructionForm);
        CheckDefined(nameof(KdForm), KdForm);
        CheckDefined(nameof(FmdForm), FmdForm);
        CheckDefined(nameof(Sampling), Sampling);
        CheckDefined(nameof(Optimizer), Optimizer);
        CheckDefined(nameof(Precision), Precision ?? default);
        _ = new PredictorShape(1, Hidden, 1, Depth);
        _ = new PositionalEmbedding(EmbeddingBase, levels: 1);
        foreach (var scale in new[] { EmbeddingScales.Layer, EmbeddingScales.Filter, EmbeddingScales.Channel })
            new OptionRange(0, GaussianEmbedding.LargestScale).Check(nameof(EmbeddingScales), scale);
        _ = CreateEmbedding();
        OptionRange.AtLeast(0).Check(nameof(Reconstruction), Reconstruction);
        OptionRange.AtLeast(0).Check(nameof(Kd), Kd);
        OptionRange.AtLeast(0).Check(nameof(Fmd), Fmd);
        OptionRange.AtLeast(0).Check(nameof(Warmup), Warmup ?? 0);
        new OptionRange(1, 1 << 24).Check(nameof(Kernels), Kernels);
        new OptionRange(0, 1).Check(nameof(UniformProbability), UniformProbability);
        new OptionRange(0, 1) { ExcludesMinimum = true }.Check(nameof(Refresh), Refresh);
        new OptionRange(0, 10) { ExcludesMinimum = true }.Check(nameof(LearningRate), InitialLearningRate);
        new OptionRange(0, 10) { ExcludesMinimum = true }.Check(nameof(DistillationLearningRate), DistillationLearningRate);
        // Both schedules end there; without a warm-up there is but the first.
        var lowest = Weights.Distils && Warmup != 0 ? Math.Min(InitialLearningRate, DistillationLearningRate) : InitialLearningRate;
        new OptionRange(0, lowest).Check(nameof(FinalLearningRate), FinalLearningRate);
        new OptionRange(0, 1).Check(nameof(DecayFrom), DecayFrom);
        new OptionRange(0, 1) { ExcludesMaximum = true }.Check(nameof(Plateau), Plateau);
        new OptionRange(0, 1).Check(nameof(WeightDecay), WeightDecay);
        OptionRange.Decay.Check(nameof(Averaging), Averaging);
        new OptionRange(1, 1000).Check(nameof(Rounds), Rounds);
        OptionRange.Decay.Check(nameof(Beta1), Beta1 ?? 0);
        OptionRange.Decay.Check(nameof(Beta2), Beta2 ?? 0);
        new OptionRange(1, 65536).Check(nameof(Batch), Batch);
        OptionRange.AtLeast(0).Check(nameof(Steps), Steps);
        OptionRange.AtLeast(0).Check(nameof(EvaluateEvery), EvaluateEvery);
        if (Minutes is { } minutes)
            new OptionRange(0, 1e6) { ExcludesMinimum = true }.Check(nameof(Minutes), minutes);
        if (Steps == 0 && Minutes is null)
            throw new NernException("A fit needs a budget: a number of steps, of minutes, or both.");
        return this;
    }

    private static void CheckDefined<TEnum>(string option, TEnum value) where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new NernException($"The option {option} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}, but is {value}.");
    }
}
