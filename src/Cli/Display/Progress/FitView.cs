using Nern.Evaluation;
using Nern.Fitting;
using Spectre.Console;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>What the live display shows of a fit.</summary>
internal sealed class FitView(FitOptions options, Accuracy? original) : EvaluatedView<FitProgress, FitEvaluation>(
    News.Of, "step", "accuracy", "agreement", "validation", "weight error")
{
    private protected override string[] Original => original is { } accuracy ? ["", accuracy.ToString()] : [];

    private protected override string Preparation => "putting kernels in order";

    private protected override Markup Bar(FitProgress progress) => ProgressBar.Of(
        Math.Min(1, Math.Max(
            progress.Steps is { } last ? (double)progress.Step / last : 0,
            options.Budget.Minutes is { } minutes ? progress.Elapsed.TotalMinutes / minutes : 0)),
        $"step {Count(progress.Step)}{(progress.Steps is { } steps ? $" of {Count(steps)}" : "")}");

    private protected override string Phase(FitProgress progress) => progress.Phase;

    private protected override IEnumerable<Markup> Figures(FitProgress progress)
    {
        yield return Line(
            ("elapsed", Time(progress.Elapsed)),
            ("left", progress.Remaining is { } remaining ? Time(remaining) : null),
            ("steps/s", Fixed(progress.StepsPerSecond, 1)),
            ("images/s", progress.ImagesPerSecond > 0 ? Fixed(progress.ImagesPerSecond, 0) : null),
            ("lr", Small(progress.LearningRate)));
        yield return Line(("loss",
            $"reconstruction {Small(progress.Losses.Reconstruction)}"
            + $"   kd {Term(progress.Losses.Kd, options.Objective.Kd)}   fmd {Term(progress.Losses.Fmd, options.Objective.Fmd)}"));

        static string Term(double loss, double weight) =>
            weight == 0 ? "[grey]off[/]" : loss == 0 ? "[grey]later[/]" : $"{Small(loss)} [grey]x {Small(weight)}[/]";
    }

    private protected override string[] Cells(FitEvaluation evaluation) =>
    [
        Count(evaluation.Step), evaluation.Accuracy?.ToString() ?? "",
        evaluation.Agreement is { } agreement ? Percent(agreement.Share)
            : evaluation.Features is { } features ? $"cosine {Fixed(features.Cosine, 4)}" : "",
        $"{(evaluation.IsOfFeatures ? "error" : "KL")} {Small(evaluation.Validation)}",
        Fraction(evaluation.RelativeError),
    ];
}
