using System.Globalization;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Objectives;

namespace Nern.Cli.Display;

/// <summary>Shows a fit as lines of text.</summary>
internal sealed class PlainFitDisplay(TextWriter output, Accuracy? original) : PlainDisplay<FitProgress>(output), IFitDisplay
{
    private FitEvaluation? _evaluation;
    private int _orderedTenths;

    /// <inheritdoc/>
    public override T Show<T>(Func<T> work)
    {
        if (original is { } accuracy)
            Line($"original: accuracy {accuracy}");
        return work();
    }

    /// <inheritdoc/>
    public void Ordering(double part)
    {
        var tenths = (int)(10 * part);
        if (tenths == _orderedTenths || tenths % 5 != 0)
            return;
        _orderedTenths = tenths;
        Line($"ordering kernels: {10 * tenths} %");
    }

    /// <inheritdoc/>
    public override void Progress(FitProgress progress)
    {
        if (progress.Notice is { } notice)
            Line($"{Step(progress, progress.Step)}  {notice}");
        string? news = null;
        if (progress.Evaluation is { } evaluation && evaluation != _evaluation)
        {
            _evaluation = evaluation;
            news = $"{Step(progress, evaluation.Step)}  {Describe(evaluation)}";
        }
        Line(progress.Elapsed, news, () => $"{Step(progress, progress.Step)}  {progress.Phase}  {Describe(progress.Losses)}  {Rates(progress)}");
    }

    private static string Step(FitProgress progress, long step) =>
        $"{Figures.Time(progress.Elapsed)}  step {step}{(progress.Steps is { } steps ? $" of {steps}" : "")}";

    private static string Describe(Losses losses) =>
        $"reconstruction {Figures.Small(losses.Reconstruction)}  kd {Figures.Small(losses.Kd)}  fmd {Figures.Small(losses.Fmd)}";

    private static string Rates(FitProgress progress)
    {
        var images = progress.ImagesPerSecond > 0
            ? string.Create(CultureInfo.InvariantCulture, $"  {progress.ImagesPerSecond:F0} images/s")
            : "";
        var left = progress.Remaining is { } remaining ? $"  {Figures.Time(remaining)} left" : "";
        return $"lr {Figures.Small(progress.LearningRate)}{images}{left}";
    }

    private static string Describe(FitEvaluation evaluation)
    {
        var test = evaluation is { Accuracy: { } accuracy, Agreement: { } agreement }
            ? $"accuracy {accuracy}  agreement {Figures.Percent(agreement.Share)}  KL {Figures.Small(agreement.MeanDivergence)}  "
            : "";
        return $"{test}validation KL {Figures.Small(evaluation.Validation)}  weight error {Figures.Fraction(evaluation.RelativeError)}"
            + (evaluation.IsBest ? "  best so far" : "");
    }
}
