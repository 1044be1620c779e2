using Nern.Compression;
using Nern.Fitting;
using Nern.Training;

namespace Nern.Cli.Display.Progress;

/// <summary>What all displays take from the reports of work.</summary>
/// <param name="Elapsed">Since the work began.</param>
/// <param name="Notice">What a user should know, or null.</param>
/// <param name="Evaluation">The last evaluation, or null.</param>
/// <param name="IsBest">Whether it is the best one.</param>
internal readonly record struct News<TEvaluation>(TimeSpan Elapsed, string? Notice, TEvaluation? Evaluation, bool IsBest)
    where TEvaluation : class;

/// <summary>Reads the reports of each kind of work.</summary>
internal static class News
{
    internal static News<FitEvaluation> Of(FitProgress progress) =>
        new(progress.Elapsed, progress.Notice, progress.Evaluation, progress.Evaluation is { IsBest: true });

    internal static News<CompressEvaluation> Of(CompressProgress progress) =>
        new(progress.Elapsed, progress.Notice, progress.Evaluation, progress.Evaluation is { IsBest: true });

    internal static News<TrainEvaluation> Of(TrainProgress progress) =>
        new(progress.Elapsed, progress.Notice, progress.Evaluation, progress.Evaluation is { IsBest: true });
}
