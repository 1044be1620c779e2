using System.CommandLine;
using Nern.Engine;
using Nern.Objectives;
using Nern.Representation;
using Nern.Training;
using Nern.Training.Sampling;

namespace Nern.Cli.Options;

/// <summary>The options of a fit; every default is the library's own.</summary>
internal sealed class FitSettings
{
    /// <summary>The budget of a fit for which none is given.</summary>
    internal const double DefaultMinutes = 10;

    private static readonly FitOptions Preset = new();

    private readonly Option<int> _hidden = Setting.Number(
        "--hidden", "N", Preset.Hidden, "Hidden size of the predictor: the larger, the better the reconstruction and the larger the file.");
    private readonly Option<int> _depth = Setting.Number("--depth", "N", Preset.Depth, "Linear layers of the predictor.");
    private readonly Option<OrderingKind> _ordering = Setting.Choice(
        "--ordering", Preset.Ordering, "Order in which the predictor meets kernels: the smoother, the easier to fit; stored in the file.");
    private readonly Option<CoordinateNormalization> _coordinates = Setting.Choice(
        "--coordinates", Preset.Coordinates, "What coordinates are divided by: the extent of their layer, that of the largest, nothing.");
    private readonly Option<double> _embeddingBase = Setting.Number(
        "--embedding-base", "B", Preset.EmbeddingBase, "Ratio of one frequency of the positional embedding to the one before.");
    private readonly Option<int> _embeddingLevels = Setting.Number(
        "--embedding-levels", "N", Preset.EmbeddingLevels, "Frequencies of the positional embedding.");
    private readonly Option<Initialization> _initialization = Setting.Choice(
        "--initialization", Preset.Initialization, "First parameters: matched to mean and variance of the weights, or PyTorch's.");

    private readonly Option<double> _kd = Setting.Number(
        "--kd", "W", Preset.Kd, "Weight of the distillation of logits; 0 leaves it out.");
    private readonly Option<double> _fmd = Setting.Number(
        "--fmd", "W", Preset.Fmd, "Weight of the distillation of feature maps; 0 leaves it out.");
    private readonly Option<long?> _warmup = Setting.OptionalNumber<long>(
        "--warmup", "N",
        "Steps on the weights alone before distillation joins (default: 2000, or a quarter of the budget if that ends first).");
    private readonly Option<ReconstructionLossForm> _reconstructionForm = Setting.Choice(
        "--reconstruction-form", Preset.ReconstructionForm, "Form of the loss on the weights.");
    private readonly Option<LogitLossForm> _kdForm = Setting.Choice(
        "--kd-form", Preset.KdForm, "Form of the loss on the logits: with log(q + 1e-4), or exact.");

    private readonly Option<int> _batch = Setting.Number("--batch", "N", Preset.Batch, "Images a step distils on.");
    private readonly Option<int> _kernels = Setting.Number("--kernels", "N", Preset.Kernels, "Kernels a step takes gradients of.");
    private readonly Option<SamplingKind> _sampling = Setting.Choice(
        "--sampling", Preset.Sampling, "Which kernels those are: all, of one layer, any, or large ones more often.");
    private readonly Option<double> _uniformProbability = Setting.Number(
        "--uniform-probability", "P", Preset.UniformProbability, "With --sampling magnitude, the share of steps that take any.");
    private readonly Option<OptimizerKind> _optimizer = Setting.Choice("--optimizer", Preset.Optimizer, "The optimiser.");
    private readonly Option<double> _learningRate = Setting.Number(
        "--learning-rate", "R", Preset.LearningRate, "Learning rate at the start.");
    private readonly Option<double> _distillationLearningRate = Setting.Number(
        "--distillation-learning-rate", "R", Preset.DistillationLearningRate, "Learning rate when distillation joins after a warm-up.");
    private readonly Option<double> _finalLearningRate = Setting.Number(
        "--final-learning-rate", "R", Preset.FinalLearningRate, "Learning rate at the end of its cosine.");
    private readonly Option<double> _weightDecay = Setting.Number("--weight-decay", "W", Preset.WeightDecay, "Decoupled weight decay.");

    private readonly Option<long?> _steps = Setting.OptionalNumber<long>(
        "--steps", "N", "Steps in all; with a number of steps alone, equal seeds give equal files.");
    private readonly Option<double?> _minutes = Setting.OptionalNumber<double>(
        "--minutes", "M", $"Minutes in all, whichever ends first (default: {DefaultMinutes}, where --steps is not given).");
    private readonly Option<Precision?> _precision = Setting.OptionalChoice<Precision>(
        "--precision",
        "Precision of the networks while fitting; evaluations and the file are always f32 (default: bf16 where the processor has it, else f32).");
    private readonly Option<ulong> _seed = Setting.Number("--seed", "S", Preset.Seed, "Seed of all randomness.");
    private readonly Option<long> _evaluateEvery = Setting.Number(
        "--eval-every", "N", Preset.EvaluateEvery, "Steps between two evaluations; 0 spreads twenty over the fit.");

    internal IReadOnlyList<OptionGroup> Groups =>
    [
        new("Budget", [_steps, _minutes, _evaluateEvery, _precision, _seed]),
        new("Predictor", [_hidden, _depth, _ordering, _coordinates, _embeddingBase, _embeddingLevels, _initialization]),
        new("Objective", [_kd, _fmd, _warmup, _reconstructionForm, _kdForm]),
        new("Steps", [_batch, _kernels, _sampling, _uniformProbability, _optimizer, _learningRate, _distillationLearningRate,
            _finalLearningRate, _weightDecay]),
    ];

    /// <summary>The options given, checked.</summary>
    /// <exception cref="NernException">One is out of range.</exception>
    internal FitOptions Read(ParseResult result)
    {
        var (steps, minutes) = (result.GetValue(_steps), result.GetValue(_minutes));
        if (steps is <= 0)
            throw new NernException($"--steps must be 1 or more; got {steps}.");
        return new FitOptions
        {
            Hidden = result.GetValue(_hidden),
            Depth = result.GetValue(_depth),
            Ordering = result.GetValue(_ordering),
            Coordinates = result.GetValue(_coordinates),
            EmbeddingBase = result.GetValue(_embeddingBase),
            EmbeddingLevels = result.GetValue(_embeddingLevels),
            Initialization = result.GetValue(_initialization),
            Kd = result.GetValue(_kd),
            Fmd = result.GetValue(_fmd),
            Warmup = result.GetValue(_warmup),
            ReconstructionForm = result.GetValue(_reconstructionForm),
            KdForm = result.GetValue(_kdForm),
            Batch = result.GetValue(_batch),
            Kernels = result.GetValue(_kernels),
            Sampling = result.GetValue(_sampling),
            UniformProbability = result.GetValue(_uniformProbability),
            Optimizer = result.GetValue(_optimizer),
            LearningRate = result.GetValue(_learningRate),
            DistillationLearningRate = result.GetValue(_distillationLearningRate),
            FinalLearningRate = result.GetValue(_finalLearningRate),
            WeightDecay = result.GetValue(_weightDecay),
            Steps = steps ?? 0,
            Minutes = minutes ?? (steps is null ? DefaultMinutes : null),
            Precision = result.GetValue(_precision),
            Seed = result.GetValue(_seed),
            EvaluateEvery = result.GetValue(_evaluateEvery),
        }.Validate();
    }
}
