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

    /// <summary>Steps in all, or null where time alone decides.</summary>
    internal long? Steps => options.Steps > 0 ? options.Steps : null;

    /// <summary>The part that is used up, 0 to 1.</summary>
    internal double Used(long step, TimeSpan elapsed) => Math.Min(1, Math.Max(
        options.Steps > 0 ? (double)step / options.Steps : 0, options.Minutes is { } minutes ? elapsed.TotalMinutes / minutes : 0));

    /// <summary>Where the schedule stands.</summary>
    internal long Position(long step, TimeSpan elapsed) => (long)(Used(step, elapsed) * ScheduleSteps);

    /// <summary>Whether nothing is left.</summary>
    internal bool IsSpent(long step, TimeSpan elapsed) => Used(step, elapsed) >= 1;

    /// <summary>Whether distillation has not joined yet.</summary>
    internal bool IsWarmup(long step, TimeSpan elapsed) => options.Warmup is { } warmup
        ? step < warmup
        : step < DefaultWarmup && Used(step, elapsed) < LargestDefaultWarmup;

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
}
