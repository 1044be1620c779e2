using System.Globalization;
using Nern.Training;

namespace Nern.Cli.Display;

/// <summary>Shows a training as lines of text.</summary>
internal sealed class PlainTrainDisplay(TextWriter output) : PlainDisplay<TrainProgress>(output)
{
    private TrainEvaluation? _evaluation;

    /// <inheritdoc/>
    public override void Progress(TrainProgress progress)
    {
        if (progress.Notice is { } notice)
            Line($"{Epoch(progress.Elapsed, progress.Epoch, progress)}  {notice}");
        string? news = null;
        if (progress.Evaluation is { } evaluation && evaluation != _evaluation)
        {
            _evaluation = evaluation;
            news = $"{Epoch(progress.Elapsed, evaluation.Epoch, progress)}  {Describe(evaluation)}";
        }
        Line(progress.Elapsed, news, () => $"{Epoch(progress.Elapsed, progress.Epoch, progress)}  {Rates(progress)}");
    }

    private static string Epoch(TimeSpan elapsed, double epoch, TrainProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{Figures.Time(elapsed)}  epoch {epoch:0.##} of {progress.Epochs}");

    private static string Rates(TrainProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $"  {Figures.Time(remaining)} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"loss {Figures.Small(progress.Loss)}  lr {Figures.Small(progress.LearningRate)}  {progress.ImagesPerSecond:F0} images/s{left}");
    }

    private static string Describe(TrainEvaluation evaluation) =>
        $"loss {Figures.Small(evaluation.Loss)}  training {Figures.Percent(evaluation.TrainingAccuracy)}"
        + (evaluation.Smoothness > 0 ? $"  smoothness {Figures.Count((long)evaluation.Smoothness)}" : "")
        + (evaluation.Validation is { } validation ? $"  validation {validation}" : "")
        + (evaluation.Test is { } test ? $"  test {test}" : "")
        + (evaluation.IsBest && evaluation.Validation is not null ? "  best so far" : "");
}
