namespace Nern.Training;

/// <summary>How much of a fit's steps and minutes is used up; whichever is further decides.</summary>
internal sealed class FitBudget(FitOptions options)
{
    /// <summary>Positions of the learning rate schedule.</summary>
    internal const long ScheduleSteps = 1_000_000;

    private const int EvaluationsInAll = 20;
    private const long DefaultWarmup = 2000;
    private const double LargestDefaultWarmup = 0.25;
    private int _evaluations;
    private double? _joined;

    /// <summary>Steps in all, or null where time alone decides.</summary>
    internal long? Steps => options.Steps > 0 ? options.Steps : null;

    /// <summary>The part that is used up, 0 to 1.</summary>
    internal double Used(long step, TimeSpan elapsed) => Math.Min(1, Math.Max(
        options.Steps > 0 ? (double)step / options.Steps : 0, options.Minutes is { } minutes ? elapsed.TotalMinutes / minutes : 0));

    /// <summary>Distillation joins now, or has been on from the first step.</summary>
    internal void Join(long step, TimeSpan elapsed) => _joined = Used(step, elapsed);

    /// <summary>
    /// Where the schedule of the learning rate stands: warm-up and distillation each have a whole one.
    /// </summary>
    internal long Position(long step, TimeSpan elapsed)
    {
        var progress = _joined is { } joined ? (Used(step, elapsed) - joined) / (1 - joined)
            : options.Distills ? WarmupUsed(step, elapsed)
            : Used(step, elapsed);
        return (long)(Math.Min(1, progress) * ScheduleSteps);
    }

    /// <summary>Whether nothing is left.</summary>
    internal bool IsSpent(long step, TimeSpan elapsed) => Used(step, elapsed) >= 1;

    /// <summary>Whether it is time for distillation to join.</summary>
    internal bool IsWarmedUp(long step, TimeSpan elapsed) => WarmupUsed(step, elapsed) >= 1;

    /// <summary>Whether it is time to evaluate; answers yes once each time.</summary>
    internal bool IsEvaluationDue(long step, TimeSpan elapsed)
    {
        if (step == 0)
            return false;
        if (options.EvaluateEvery > 0)
            return step % options.EvaluateEvery == 0;
        var due = (int)(Used(step, elapsed) * EvaluationsInAll);
        if (due <= _evaluations)
            return false;
        _evaluations = due;
        return true;
    }

    private double WarmupUsed(long step, TimeSpan elapsed) => options.Warmup is { } warmup
        ? warmup == 0 ? 1 : (double)step / warmup
        : Math.Max((double)step / DefaultWarmup, Used(step, elapsed) / LargestDefaultWarmup);
}
