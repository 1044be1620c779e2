using Nern.Training;
using Spectre.Console;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>What the live display shows of a training.</summary>
internal sealed class TrainView() : EvaluatedView<TrainProgress, TrainEvaluation>(
    News.Of, "epoch", "loss", "training", "validation", "test")
{
    private protected override string Preparation => "compiling the network";

    private protected override Markup Bar(TrainProgress progress) => ProgressBar.Of(
        (double)progress.Step / progress.Steps, FormattableString.Invariant($"epoch {progress.Epoch:F1} of {progress.Epochs}"));

    private protected override string Phase(TrainProgress progress) => "training";

    private protected override IEnumerable<Markup> Figures(TrainProgress progress) =>
    [
        Line(
            ("elapsed", Time(progress.Elapsed)),
            ("left", progress.Remaining is { } remaining ? Time(remaining) : null),
            ("images/s", Fixed(progress.ImagesPerSecond, 0)),
            ("loss", Small(progress.Loss)),
            ("lr", Small(progress.LearningRate))),
    ];

    private protected override string[] Cells(TrainEvaluation evaluation) =>
    [
        Short(evaluation.Epoch), Small(evaluation.Loss), Percent(evaluation.TrainingAccuracy), evaluation.Validation?.ToString() ?? "",
        evaluation.Test?.ToString() ?? "",
    ];
}
