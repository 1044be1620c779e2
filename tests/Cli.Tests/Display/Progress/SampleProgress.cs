using Nern.Evaluation;
using Nern.Fitting;

namespace Nern.Cli.Tests.Display.Progress;

/// <summary>Reports as a fit makes them.</summary>
internal static class SampleProgress
{
    internal static FitProgress At(long step, double seconds, FitEvaluation? evaluation = null) => new(
        "distilling", step, 5000, new(0.0123456, 0.5, 2.25), 0.015, 4.9e-3, 2, 512, TimeSpan.FromSeconds(seconds), TimeSpan.FromMinutes(3),
        evaluation);

    internal static FitEvaluation Evaluation(long step, bool isBest) => new(
        step, TimeSpan.FromSeconds(step), 0.7312, 0.3712, isBest, new Accuracy(725, 1017), new Agreement(743, 1017, 0.75));
}
