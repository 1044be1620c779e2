using Nern.Engine;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Options;

namespace Nern.Fitting;

/// <summary>How the predictor's parameters move.</summary>
public sealed record OptimizerOptions
{
    private const double HighestRate = 10;

    // Up to there 4096 kernels are an eighth of all, which is what a distilling step takes gradients of (SamplingOptions).
    private const int MostForAdamW = 1 << 15;

    /// <summary>The optimiser; the paper's is Ranger. Null is Muon for more than 32768 kernels, else AdamW.</summary>
    [Option(
        "The optimiser. Auto is muon for more than 32768 kernels, else adamw.",
        "Of a step of Muon the weights come closer, on large networks in as much time too; AdamW's are quicker (docs/recipe.md). The paper has Ranger.",
        Name = "Optimizer")]
    public OptimizerKind? Kind { get; init; }

    /// <summary>
    /// The learning rate at the start. Null is 3.2 over the hidden size, at most 0.03; half of that for Muon and more than 32768 kernels; that of
    /// distillation where a fit that begins with another does nothing else.
    /// </summary>
    [Option(
        "Learning rate at the start. Auto is 3.2 over the hidden size, at most 0.03; half of that for muon and more than 32768 kernels; "
        + "with --from and --warmup 0 that of distillation.",
        "For AdamW: with a slow start and a long fall, the weights settle in a minute (docs/recipe.md). "
        + "The released configurations have 5e-3 for Ranger.",
        Shape = "R", Above = 0, To = HighestRate)]
    public double? LearningRate { get; init; }

    /// <summary>
    /// The learning rate when distillation joins after a warm-up. Warm-up and distillation each have a fall of their own. Null is 3e-4 times
    /// the share of kernels that a step predicts anew (<see cref="Sampling.SamplingOptions.Refresh"/>), at least 3e-6.
    /// </summary>
    [Option(
        "Learning rate when distillation joins after a warm-up. Auto is 3e-4 times the share of kernels that a step predicts anew (refresh), at least 3e-6.",
        "Low, so as not to lose the weights that the warm-up found; a change that is seen some steps late must be small (docs/results.md).",
        Shape = "R", Above = 0, To = HighestRate)]
    public double? DistillationLearningRate { get; init; }

    /// <summary>The learning rate at the end of a cosine.</summary>
    [Option(
        "Learning rate at the end of its cosine; at most what it starts from.", "The released configurations'.",
        Shape = "R", From = 0, To = HighestRate)]
    public double FinalLearningRate { get; init; } = 1e-6;

    /// <summary>The part of a phase's budget after which its learning rate falls along half a cosine; until then it stays.</summary>
    [Option(
        "The part of a phase's budget after which its learning rate falls along half a cosine; until then it stays.",
        "docs/recipe.md. The paper's plain cosine is 0, and leaves no room for a plateau.", Shape = "PART", From = 0, To = 1)]
    public double DecayFrom { get; init; } = 0.25;

    /// <summary>
    /// The relative fall of a phase's loss, from one window of steps to the next a quarter longer, below which the phase's learning rate
    /// begins to fall
    /// at once, and the phase ends early; 0 leaves the end to the budget.
    /// </summary>
    [Option(
        "The relative fall of a phase's loss, from one window of steps to the next, below which its learning rate begins to fall at "
        + "once and the phase ends early; 0 leaves the end to the budget.",
        "A phase ends where it has nothing left to gain, not at a number of steps that suits one network (docs/recipe.md).",
        Shape = "FALL", From = 0, Below = 1)]
    public double Plateau { get; init; } = 0.03;

    /// <summary>
    /// Decay of an exponential average of the parameters, which is what is evaluated and kept; 0 keeps the parameters themselves.
    /// </summary>
    [Option(
        "Decay of an exponential average of the parameters, which is then what is evaluated and kept; 0 for none.", "docs/recipe.md.",
        Shape = "DECAY", From = 0, Below = 1)]
    public double Averaging { get; init; }

    /// <summary>
    /// Whether weights of the predictor that are 0 in the representation to begin with stay so: a pruned one stays pruned.
    /// </summary>
    [Option(
        "Of --from: weights of its predictor that are 0 stay so, as after prune.",
        "Fine-tuning after pruning (docs/pruning.md). Else what is 0 learns like the rest.")]
    public bool KeepZeros { get; init; }

    /// <summary>Decoupled weight decay.</summary>
    [Option(
        "Decoupled weight decay.", "A predictor is to fit its kernels and nothing else. The paper's runs have 1e-3.",
        Shape = "W", From = 0, To = 1)]
    public double WeightDecay { get; init; }

    /// <summary>Decay of the first moment, or momentum. Null is the optimiser's own: 0.5 for Ranger, 0.9 for AdamW and SGD, 0.95 for Muon.</summary>
    [Option(
        "Decay of the optimiser's first moment. Auto is 0.5 for Ranger, 0.95 for Muon, else 0.9.",
        "The released configurations' for Ranger, Adam's own for AdamW.", Shape = "B", From = 0, Below = 1)]
    public double? Beta1 { get; init; }

    /// <summary>Decay of the second moment. Null is the optimiser's own, 0.999 for both.</summary>
    [Option(
        "Decay of the optimiser's second moment. Auto is 0.999.", "The released configurations', and Adam's own.",
        Shape = "B", From = 0, Below = 1)]
    public double? Beta2 { get; init; }

    /// <summary>Ranger only: whether rows of matrices' gradients have their means taken off.</summary>
    [Option(
        "With Ranger, whether rows of the matrices' gradients have their means taken off.",
        "Ranger's own; the released configurations do not.")]
    public bool CentralizeGradient { get; init; } = true;

    /// <summary>These options with the optimiser and its rate decided, if they are open.</summary>
    /// <param name="kernels">How many the predictor gives.</param>
    /// <param name="rate">The learning rate of most fits.</param>
    /// <param name="distillationRate">That of distillation.</param>
    /// <param name="distilsFound">Whether it distils at once what another fit has found.</param>
    internal OptimizerOptions For(int kernels, double rate, double distillationRate, bool distilsFound)
    {
        var isLarge = kernels > MostForAdamW;
        var kind = Kind ?? (isLarge ? OptimizerKind.Muon : OptimizerKind.AdamW);
        var usual = distilsFound ? distillationRate : isLarge && kind == OptimizerKind.Muon ? rate / 2 : rate;
        return this with { Kind = kind, LearningRate = LearningRate ?? usual, DistillationLearningRate = distillationRate };
    }

    /// <summary>The optimiser asked for, AdamW where that is open, of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <param name="engine">The engine; it must outlive the optimiser.</param>
    /// <param name="precision">Of products that it takes.</param>
    /// <param name="blocks">The tensors.</param>
    internal Optimizer Create(CpuEngine engine, Precision precision, IReadOnlyList<ParameterBlock> blocks)
    {
        switch (Kind)
        {
            case OptimizerKind.Ranger:
                var ranger = new RangerOptions { WeightDecay = WeightDecay, CentralizeGradient = CentralizeGradient };
                return new Ranger(blocks, ranger with { Beta1 = Beta1 ?? ranger.Beta1, Beta2 = Beta2 ?? ranger.Beta2 });
            case OptimizerKind.Muon:
                var muon = new MuonOptions { WeightDecay = WeightDecay };
                return new Muon(engine, precision, blocks, muon with { Momentum = Beta1 ?? muon.Momentum, Beta2 = Beta2 ?? muon.Beta2 });
            case OptimizerKind.Sgd:
                return new Sgd(blocks, new() { Momentum = Beta1 ?? new SgdOptions().Momentum, WeightDecay = WeightDecay });
            default:
                var adam = new AdamWOptions { WeightDecay = WeightDecay };
                return new AdamW(blocks, adam with { Beta1 = Beta1 ?? adam.Beta1, Beta2 = Beta2 ?? adam.Beta2 });
        }
    }
}
