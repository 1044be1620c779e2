using Nern.Evaluation;
using Nern.Fitting;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows a fit as lines of text.</summary>
internal sealed class PlainFitDisplay(TextWriter output, Accuracy? original)
    : PlainDisplay<FitProgress, FitEvaluation>(output, News.Of)
{
    /// <inheritdoc/>
    public override T Show<T>(Func<T> work)
    {
        if (original is { } accuracy)
            Line($"original: accuracy {accuracy}");
        return work();
    }

    private protected override string Preparation => "ordering kernels";

    private protected override string Place(FitProgress progress, FitEvaluation? evaluation) =>
        $"step {evaluation?.Step ?? progress.Step}{(progress.Steps is { } steps ? $" of {steps}" : "")}";

    private protected override string Describe(FitProgress progress)
    {
        var losses = progress.Losses;
        return $"{progress.Phase}  reconstruction {Small(losses.Reconstruction)}  kd {Small(losses.Kd)}  fmd {Small(losses.Fmd)}"
            + $"  lr {Small(progress.LearningRate)}"
            + (progress.ImagesPerSecond > 0 ? $"  {Fixed(progress.ImagesPerSecond, 0)} images/s" : "")
            + (progress.Remaining is { } remaining ? $"  {Time(remaining)} left" : "");
    }

    private protected override string Describe(FitEvaluation evaluation)
    {
        var test = evaluation is { Accuracy: { } accuracy, Agreement: { } agreement }
            ? $"accuracy {accuracy}  agreement {Percent(agreement.Share)}  KL {Small(agreement.MeanDivergence)}  "
            : evaluation.Features is { } features ? $"cosine {Fixed(features.Cosine, 4)}  error {Small(features.RelativeError)}  "
            : "";
        return $"{test}validation {(evaluation.IsOfFeatures ? "error" : "KL")} {Small(evaluation.Validation)}"
            + $"  weight error {Fraction(evaluation.RelativeError)}"
            + (evaluation.IsBest ? "  best so far" : "");
    }
}
