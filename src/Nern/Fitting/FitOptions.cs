using System.Text.Json.Nodes;
using Nern.Engine;
using Nern.Fitting.Sampling;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Options;
using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>
/// Everything that decides how a representation is fitted. Values are checked by <see cref="Validate"/>, which a fit calls first.
/// </summary>
public sealed record FitOptions
{
    private static readonly string[] OrderInFiles =
    [
        "layers", "hidden", "depth", "activation", "skip", "kernelReading", "initialization", "ordering", "coordinates", "embeddingKind",
        "embeddingScales", "embeddingBase", "embeddingLevels", "reconstructionForm", "weighting", "kdForm", "fmdForm", "sumsTwice",
        "reconstruction", "kd", "fmd", "warmup", "sampling", "kernels", "uniformProbability", "refresh", "optimizer", "learningRate",
        "distillationLearningRate", "finalLearningRate", "decayFrom", "plateau", "weightDecay", "averaging", "keepZeros", "noise", "beta1", "beta2",
        "centralizeGradient", "batch", "rounds", "steps", "minutes", "precision", "seed", "evaluateEvery",
    ];

    /// <summary>What it distils on.</summary>
    public InputOptions Inputs { get; init; } = new();

    /// <summary>How long it runs.</summary>
    public BudgetOptions Budget { get; init; } = new();

    /// <summary>What is fitted.</summary>
    public PredictorOptions Predictor { get; init; } = new();

    /// <summary>What is brought down.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>What a step takes.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How a step is made.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>
    /// Precision of the products and activations in the networks and in the predictor; parameters, their gradients, predictions, losses
    /// and the optimiser are float32 in any case. Null is the processor's <see cref="Precisions.Fastest"/>.
    /// </summary>
    [Option(
        "Precision of the networks while fitting; evaluations and the file are always f32. Auto is bf16 where the processor has it, else f32.",
        "bf16 is as good, and a step takes less than half the time (docs/performance.md). The paper has f32.")]
    public Precision? Precision { get; init; }

    /// <summary>The seed of all randomness.</summary>
    [Option("Seed of all randomness.", "Any seed would do; a fixed one makes fits repeatable.", Shape = "S")]
    public ulong Seed { get; init; }

    /// <summary>The options by name, for a file's provenance.</summary>
    public JsonObject ToJson() => OptionSet<FitOptions>.ToJson(this, OrderInFiles);

    /// <summary>The precision asked for, or the fastest of <paramref name="engine"/>.</summary>
    /// <exception cref="NernException">The processor cannot do it.</exception>
    internal Precision PrecisionOn(CpuEngine engine) => engine.Check(Precision ?? engine.Fastest());

    /// <summary>
    /// These options, checked, with what they leave open decided: the precision of <paramref name="engine"/>, the order of
    /// values, where means of filters come from, the base of the positional embedding, the optimiser and the learning rates.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="graph">The network's.</param>
    /// <param name="isBegun">Whether the fit begins with another's predictor.</param>
    /// <exception cref="NernException">A value is out of range, or the processor cannot do it.</exception>
    internal FitOptions For(CpuEngine engine, Graph graph, bool isBegun = false)
    {
        var precision = PrecisionOn(engine);
        Validate();
        var layout = Predictor.Layout(Predictor.Layers.Of(graph));
        var predictor = Predictor with { ValueOrder = Predictor.ValuesOrdered, FilterMeans = Predictor.MeansFrom };
        return this with
        {
            Predictor = predictor.EmbeddingKind == EmbeddingKind.Positional
                ? predictor with { EmbeddingBase = predictor.EmbeddingBaseOf(layout) } : predictor,
            Precision = precision,
            Optimizer = Optimizer.For(
                layout.Kernels, InitialLearningRate, DistillationLearningRate,
                distilsFound: isBegun && Objective.Weights.Distils && Objective.Warmup == 0),
        };
    }

    /// <summary>The learning rate at the start, where none is given by the hidden size: wider layers bear less.</summary>
    internal double InitialLearningRate => Optimizer.LearningRate ?? Math.Min(0.03, 3.2 / Predictor.Hidden);

    /// <summary>
    /// The learning rate when distillation joins: where each step predicts only some kernels anew, what a step changes is seen that much later.
    /// </summary>
    internal double DistillationLearningRate => Optimizer.DistillationLearningRate ?? 3e-4 * Math.Max(Sampling.Refresh, 0.01);

    /// <summary>Checks every value.</summary>
    /// <exception cref="NernException">A value is out of range; the message names it.</exception>
    public FitOptions Validate()
    {
        OptionSet<FitOptions>.Check(this);
        Predictor.Check();
        // Both schedules end there; without a warm-up there is but the first.
        var lowest = Objective.Weights.Distils && Objective.Warmup != 0
            ? Math.Min(InitialLearningRate, DistillationLearningRate)
            : InitialLearningRate;
        new OptionRange(0, lowest).Check(nameof(Optimizer.FinalLearningRate), Optimizer.FinalLearningRate);
        if (Budget.Steps == 0 && Budget.Minutes is null)
            throw new NernException("A fit needs a budget: a number of steps, of minutes, or both.");
        return this;
    }
}
