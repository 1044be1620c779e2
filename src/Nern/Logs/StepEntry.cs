using Nern.Fitting;

namespace Nern.Logs;

/// <summary>Where a fit stood after a step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Time since the fit began.</param>
/// <param name="Phase">What the fit is doing.</param>
/// <param name="Reconstruction">The loss on the weights.</param>
/// <param name="Kd">The loss on the logits, or null while off.</param>
/// <param name="Fmd">The loss on the feature maps, or null while off.</param>
/// <param name="Total">The sum of the losses by their weights (paper, equation 2).</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="StepsPerSecond">Lately.</param>
/// <param name="ImagesPerSecond">Lately; null while no images are used.</param>
internal sealed record StepEntry(
    long Step, double Seconds, string Phase, double Reconstruction, double? Kd, double? Fmd, double Total, double LearningRate,
    double StepsPerSecond, double? ImagesPerSecond) : LogEntry(Step)
{
    internal static StepEntry Of(FitProgress progress)
    {
        var losses = progress.Losses;
        // A report that brings an evaluation comes when that is done; the step was done when it began.
        var elapsed = progress.Evaluation is { } evaluation && evaluation.Step == progress.Step ? evaluation.Elapsed : progress.Elapsed;
        return new(
            progress.Step, ToSeconds(elapsed), progress.Phase, losses.Reconstruction, Present(losses.Kd), Present(losses.Fmd),
            progress.Total, progress.LearningRate,
            progress.StepsPerSecond, Present(progress.ImagesPerSecond));

        // What is off is reported as 0; a curve that begins with zeros would tell of losses that nobody took.
        static double? Present(double value) => value == 0 ? null : value;
    }

    /// <summary>What TensorBoard shows.</summary>
    internal IEnumerable<(string Tag, double? Value)> Scalars =>
    [
        ("loss/reconstruction", Reconstruction), ("loss/kd", Kd), ("loss/fmd", Fmd), ("loss/total", Total),
        ("step/learning-rate", LearningRate), ("step/steps-per-second", StepsPerSecond), ("step/images-per-second", ImagesPerSecond),
    ];
}
