using Nern.Data;
using Nern.Fitting.Resuming;
using Nern.Objectives;
using Nern.Optimizers.Schedules;

namespace Nern.Fitting;

/// <summary>
/// Where a fit stands in its budget: which phase it is in, how far, at what learning rate, and when to evaluate. Steps and minutes
/// count alike; whichever is further decides. A phase keeps its learning rate for a while and then lets it fall along half a cosine;
/// the fall begins at its share of the phase's budget, or as soon as the phase's loss has stopped falling.
/// </summary>
internal sealed class FitCourse(FitOptions options)
{
    private const int EvaluationsInAll = 20;

    /// <summary>How many times the time of an evaluation goes to steps before the next.</summary>
    private const int StepsPerEvaluation = 9;

    private readonly BudgetOptions _budget = options.Budget;
    private readonly OptimizerOptions _optimizer = options.Optimizer;
    private readonly LossWeights _weights = options.Objective.Weights;

    /// <summary>The most of a budget that the weights alone may take. Noise adds less to them than images do.</summary>
    private double LargestWarmup => options.Inputs.Noise == NoiseKind.None ? 1.0 / 3 : 2.0 / 3;

    /// <summary>All that changes while a fit runs; to be saved and set again.</summary>
    internal FitCourseState State { get; set; }

    /// <summary>Steps in all, or null where time alone decides.</summary>
    internal long? Steps => _budget.Steps > 0 ? _budget.Steps : null;

    /// <summary>Whether distillation has joined.</summary>
    internal bool IsDistilling => State.Joined is not null;

    /// <summary>The weights of the losses now.</summary>
    internal LossWeights Weights => IsDistilling ? _weights : LossWeights.WarmingUp;

    /// <summary>The part of the whole budget that is used up, 0 to 1.</summary>
    internal double Used(long step, TimeSpan elapsed) => Math.Min(1, Math.Max(
        _budget.Steps > 0 ? (double)step / _budget.Steps : 0, _budget.Minutes is { } minutes ? elapsed.TotalMinutes / minutes : 0));

    /// <summary>The part of the running phase that is over, 0 to 1; a phase that has met its plateau is shorter than its budget.</summary>
    internal double Position(long step, TimeSpan elapsed) => Math.Min(1, PhaseUsed(step, elapsed) / (State.PhaseEnd ?? 1));

    /// <summary>Whether nothing is left to do.</summary>
    internal bool IsOver(long step, TimeSpan elapsed) =>
        Used(step, elapsed) >= 1 || ((IsDistilling || !_weights.Distils) && Position(step, elapsed) >= 1);

    /// <summary>Whether distillation is to join now.</summary>
    internal bool IsWarmedUp(long step, TimeSpan elapsed) => _weights.Distils && !IsDistilling && Position(step, elapsed) >= 1;

    /// <summary>Distillation joins.</summary>
    internal void Join(long step, TimeSpan elapsed) =>
        State = State with { Joined = Used(step, elapsed), JoinedAt = step, PhaseEnd = null, Plateau = default, HasWarmedUp = step > 0 };

    /// <summary>
    /// What is to be said of a fit that has run out of time: which phases had fewer steps than their learning rate takes to rise; null where
    /// each had more, or as many as it was given.
    /// </summary>
    internal string? Shortfall(long step, TimeSpan elapsed)
    {
        if (!(elapsed.TotalMinutes >= _budget.Minutes) || (_budget.Steps > 0 && step >= _budget.Steps))
            return null;
        // Of a state from before the step was kept nothing is known.
        if (IsDistilling && State.JoinedAt is null)
            return null;
        var onWeights = State.JoinedAt ?? step;
        var isGivenWarmup = _weights.Distils && options.Objective.Warmup is { } warmup && onWeights >= warmup;
        string[] few =
        [
            .. IsFew(onWeights) && !isGivenWarmup ? [$"{Steps(onWeights)} on the weights alone"] : Array.Empty<string>(),
            .. _weights.Distils && IsFew(step - onWeights) ? [$"{Steps(step - onWeights)} of distillation"] : Array.Empty<string>(),
        ];
        return few.Length == 0 ? null
            : $"the time was enough for only {string.Join(" and ", few)}: the learning rate of a phase rises during its first "
                + $"{FitStep.RampSteps} steps, so with more --minutes the result would be far better";

        static bool IsFew(long steps) => steps < FitStep.RampSteps;
        static string Steps(long steps) => steps == 1 ? "1 step" : $"{steps} steps";
    }

    /// <summary>The learning rate of the next step, without its first small steps.</summary>
    internal float LearningRate(long step, TimeSpan elapsed)
    {
        var initial = IsDistilling && State.HasWarmedUp ? options.DistillationLearningRate : options.InitialLearningRate;
        return new CosineDecay((float)initial, (float)Math.Min(initial, _optimizer.FinalLearningRate), _optimizer.DecayFrom)
            .At(Position(step, elapsed));
    }

    /// <summary>Whether the losses of distillation have not risen, so that a state is worth going back to.</summary>
    internal bool IsGood => State.Rise.IsLow;

    /// <summary>A step is done. Where the loss of the phase has stopped falling, its learning rate begins to fall.</summary>
    /// <returns>Whether the losses of distillation have risen.</returns>
    internal bool Count(Losses losses, long step, TimeSpan elapsed)
    {
        CountPlateau(losses, step, elapsed);
        if (!IsDistilling)
            return false;
        var rise = State.Rise;
        var hasRisen = rise.Add(_weights.Distillation(losses));
        State = State with { Rise = rise };
        return hasRisen;
    }

    private void CountPlateau(Losses losses, long step, TimeSpan elapsed)
    {
        if (_optimizer.Plateau == 0)
            return;
        var used = PhaseUsed(step, elapsed);
        if (State.PhaseEnd is not null || used >= _optimizer.DecayFrom)
            return;
        var plateau = State.Plateau;
        // The weights' loss would hide how those of distillation go.
        var isMet = plateau.Add(IsDistilling ? _weights.Distillation(losses) : losses.Reconstruction, _optimizer.Plateau);
        State = State with { Plateau = plateau, PhaseEnd = isMet ? used / _optimizer.DecayFrom : null };
    }

    /// <summary>Whether it is time to evaluate.</summary>
    internal bool IsEvaluationDue(long step, TimeSpan elapsed)
    {
        if (step <= State.LastEvaluated)
            return false;
        if (_budget.EvaluateEvery > 0)
            return step % _budget.EvaluateEvery == 0;
        // By the clock, evaluations may take a tenth of the time; by steps alone, when they come is no matter of time.
        return EvaluationsDue(step, elapsed) > State.Evaluations
            && (_budget.Minutes is null || elapsed >= State.NextEvaluation);
    }

    /// <summary>An evaluation that was due is done.</summary>
    /// <param name="step">After this step.</param>
    /// <param name="begin">When it began.</param>
    /// <param name="end">When it was done.</param>
    internal void CountEvaluation(long step, TimeSpan begin, TimeSpan end) => State = State with
    {
        Evaluations = EvaluationsDue(step, begin),
        LastEvaluated = step,
        NextEvaluation = end + (StepsPerEvaluation * (end - begin)),
    };

    private int EvaluationsDue(long step, TimeSpan elapsed) => (int)(Used(step, elapsed) * EvaluationsInAll);

    private double PhaseUsed(long step, TimeSpan elapsed) => State.Joined is { } joined
        ? joined < 1 ? (Used(step, elapsed) - joined) / (1 - joined) : 1
        : !_weights.Distils ? Used(step, elapsed)
        : options.Objective.Warmup is { } warmup ? (warmup == 0 ? 1 : (double)step / warmup)
        : Used(step, elapsed) / LargestWarmup;
}
