using Nern.Data;
using Nern.Fitting.Sampling;

namespace Nern.Fitting.Resuming;

/// <summary>What the snapshot of a fit holds besides arrays.</summary>
internal readonly record struct FitState
{
    /// <summary>The round of a <see cref="Fit"/>, from 0.</summary>
    public int Round { get; init; }

    /// <summary>Steps of the rounds before.</summary>
    public long StepsBefore { get; init; }

    /// <summary>Time that they took.</summary>
    public TimeSpan TimeBefore { get; init; }

    /// <summary>Steps done, in this round.</summary>
    public long Step { get; init; }

    /// <summary>Time taken, in this round.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The generator's four words.</summary>
    public ulong[]? Generator { get; init; }

    /// <summary>Where the images stand.</summary>
    public EpochPosition Images { get; init; }

    /// <summary>Phase, plateau and evaluations.</summary>
    public FitCourseState Course { get; init; }

    /// <summary>Steps of the optimiser since it last started afresh.</summary>
    public long OptimizerSteps { get; init; }

    /// <summary>How often the fit has diverged; each time the learning rate was halved.</summary>
    public int Halvings { get; init; }

    /// <summary>
    /// The kernel that the next share of <see cref="SamplingOptions.Refresh"/> begins with; null where all are predicted next.
    /// </summary>
    public int? NextKernel { get; init; }

    /// <summary>The best evaluation so far.</summary>
    public FitEvaluation? Best { get; init; }
}
