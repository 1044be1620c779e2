using Nern.Training;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows a training as lines of text.</summary>
internal sealed class PlainTrainDisplay(TextWriter output) : PlainDisplay<TrainProgress, TrainEvaluation>(output, News.Of)
{
    private protected override string Preparation => "compiling the network";

    private protected override string Place(TrainProgress progress, TrainEvaluation? evaluation) =>
        $"epoch {Short(evaluation?.Epoch ?? progress.Epoch)} of {progress.Epochs}";

    private protected override string Describe(TrainProgress progress) =>
        $"loss {Small(progress.Loss)}  lr {Small(progress.LearningRate)}  {Fixed(progress.ImagesPerSecond, 0)} images/s"
        + (progress.Remaining is { } remaining ? $"  {Time(remaining)} left" : "");

    private protected override string Describe(TrainEvaluation evaluation) =>
        $"loss {Small(evaluation.Loss)}  training {Percent(evaluation.TrainingAccuracy)}"
        + (evaluation.Smoothness > 0 ? $"  smoothness {Count((long)evaluation.Smoothness)}" : "")
        + (evaluation.Validation is { } validation ? $"  validation {validation}" : "")
        + (evaluation.Test is { } test ? $"  test {test}" : "")
        + (evaluation.IsBest && evaluation.Validation is not null ? "  best so far" : "");
}
