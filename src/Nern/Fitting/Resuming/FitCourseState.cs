namespace Nern.Fitting.Resuming;

/// <summary>What a <see cref="FitCourse"/> knows.</summary>
internal readonly record struct FitCourseState
{
    /// <summary>The part of the budget that was used when distillation joined; null before.</summary>
    public double? Joined { get; init; }

    /// <summary>The step at which it joined; null before.</summary>
    public long? JoinedAt { get; init; }

    /// <summary>Whether steps on the weights alone came before.</summary>
    public bool HasWarmedUp { get; init; }

    /// <summary>Where the running phase ends, as a part of its budget, once it has met a plateau; null before.</summary>
    public double? PhaseEnd { get; init; }

    /// <summary>How the loss of the running phase goes.</summary>
    public Plateau Plateau { get; init; }

    /// <summary>Whether the losses of distillation rise.</summary>
    public Rise Rise { get; init; }

    /// <summary>Evaluations so far, of those spread over the budget.</summary>
    public int Evaluations { get; init; }

    /// <summary>The step of the last evaluation that was due.</summary>
    public long LastEvaluated { get; init; }

    /// <summary>The time before which no evaluation spread over minutes comes: the last one took so long.</summary>
    public TimeSpan NextEvaluation { get; init; }
}
