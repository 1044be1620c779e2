using Nern.Compression;
using Spectre.Console;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>What the live display shows of a compression.</summary>
internal sealed class CompressView() : EvaluatedView<CompressProgress, CompressEvaluation>(
    News.Of, "step", "bytes", "validation KL", "agreement", "test")
{
    private protected override string Preparation => PlainCompressDisplay.Beginning;

    private protected override Markup Bar(CompressProgress progress) => ProgressBar.Of(
        (double)progress.Step / progress.Steps, $"step {Count(progress.Step)} of {Count(progress.Steps)}");

    private protected override string Phase(CompressProgress progress) => "distilling in integers";

    private protected override IEnumerable<Markup> Figures(CompressProgress progress) =>
    [
        Line(
            ("elapsed", Time(progress.Elapsed)),
            ("left", progress.Remaining is { } remaining ? Time(remaining) : null),
            ("images/s", Fixed(progress.ImagesPerSecond, 0)),
            ("bytes", Count(progress.Bytes)),
            ("KL", Small(progress.Kd)),
            ("maps", Small(progress.Fmd)),
            ("lr", Small(progress.LearningRate))),
    ];

    private protected override string[] Cells(CompressEvaluation evaluation) =>
    [
        Count(evaluation.Step), Count(evaluation.Bytes), Small(evaluation.Validation), Percent(evaluation.ValidationAgreement),
        evaluation.Accuracy?.ToString() ?? "",
    ];
}
