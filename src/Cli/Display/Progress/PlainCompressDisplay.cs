using Nern.Compression;
using static Nern.Figures;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows a compression as lines of text.</summary>
internal sealed class PlainCompressDisplay(TextWriter output) : PlainDisplay<CompressProgress, CompressEvaluation>(output, News.Of)
{
    internal const string Beginning = "choosing the first integers";

    private protected override string Preparation => Beginning;

    private protected override string Place(CompressProgress progress, CompressEvaluation? evaluation) =>
        $"step {Count(evaluation?.Step ?? progress.Step)} of {Count(progress.Steps)}";

    private protected override string Describe(CompressProgress progress) =>
        $"KL {Small(progress.Kd)}  maps {Small(progress.Fmd)}  {Count(progress.Bytes)} bytes  lr {Small(progress.LearningRate)}  "
        + $"{Fixed(progress.ImagesPerSecond, 0)} images/s"
        + (progress.Remaining is { } remaining ? $"  {Time(remaining)} left" : "");

    private protected override string Describe(CompressEvaluation evaluation) =>
        $"{Count(evaluation.Bytes)} bytes  validation KL {Small(evaluation.Validation)}  agreement {Percent(evaluation.ValidationAgreement)}"
        + (evaluation.Accuracy is { } accuracy ? $"  test {accuracy}" : "")
        + (evaluation.IsBest ? "  best so far" : "");
}
