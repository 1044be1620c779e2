using Nern.Fitting;

namespace Nern.Logs;

/// <summary>How good a reconstruction was.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Time since the fit began.</param>
/// <param name="Phase">What the fit is doing.</param>
/// <param name="ValidationKl">The mean KL to the original on inputs set aside; of features the relative error.</param>
/// <param name="RelativeWeightError">|W - W^| / |W| over all learnable weights.</param>
/// <param name="Accuracy">The share of test images classified correctly, where there are test images.</param>
/// <param name="Agreement">The share of test images classified as by the original.</param>
/// <param name="MeanKl">The mean KL to the original on the test images.</param>
/// <param name="IsBest">Whether it was the best so far.</param>
/// <param name="LayerErrors">|W - W^| / |W| of each learnable layer, by name.</param>
internal sealed record EvaluationEntry(
    long Step, double Seconds, string Phase, double ValidationKl, double RelativeWeightError, double? Accuracy, double? Agreement,
    double? MeanKl, bool IsBest, IReadOnlyDictionary<string, double> LayerErrors) : LogEntry(Step)
{
    /// <summary>The mean cosine to the original's features on the test images, of a network that ends in features.</summary>
    public double? FeatureCosine { get; init; }

    /// <summary>Their mean relative error.</summary>
    public double? FeatureError { get; init; }

    internal static EvaluationEntry Of(FitEvaluation evaluation, string phase) => new(
        evaluation.Step, ToSeconds(evaluation.Elapsed), phase, evaluation.Validation, evaluation.RelativeError,
        evaluation.Accuracy?.Share, evaluation.Agreement?.Share, evaluation.Agreement?.MeanDivergence, evaluation.IsBest,
        evaluation.LayerErrors.ToDictionary(layer => layer.Layer, layer => layer.Relative))
    {
        FeatureCosine = evaluation.Features?.Cosine,
        FeatureError = evaluation.Features?.RelativeError,
    };

    /// <summary>What TensorBoard shows.</summary>
    internal IEnumerable<(string Tag, double? Value)> Scalars =>
    [
        ("evaluation/accuracy", Accuracy), ("evaluation/agreement", Agreement), ("evaluation/mean-kl", MeanKl),
        ("evaluation/feature-cosine", FeatureCosine), ("evaluation/feature-error", FeatureError),
        ("evaluation/validation-kl", ValidationKl), ("evaluation/weight-error", RelativeWeightError),
        .. LayerErrors.Select(layer => ($"layer-error/{layer.Key}", (double?)layer.Value)),
    ];
}
