using Nern.Data;

namespace Nern.Training;

/// <summary>Everything that changes while a fit runs, at one step: with it a fit goes on to the same bits.</summary>
internal sealed class FitSnapshot
{
    /// <summary>What is not an array.</summary>
    internal FitState State { get; set; } = new();

    /// <summary>Parameters, their average, the best ones and what the optimiser remembers, by name.</summary>
    internal Dictionary<string, float[]> Arrays { get; init; } = [];

    /// <summary>Keeps a copy of <paramref name="values"/>; memory is taken the first time only.</summary>
    internal void Keep(string name, ReadOnlySpan<float> values)
    {
        if (!Arrays.TryGetValue(name, out var copy) || copy.Length != values.Length)
            Arrays[name] = copy = new float[values.Length];
        values.CopyTo(copy);
    }
}

/// <summary>What a <see cref="FitSnapshot"/> holds besides arrays.</summary>
internal readonly record struct FitState
{
    /// <summary>The round of a <see cref="ProgressiveFit"/>, from 0.</summary>
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

    /// <summary>The best evaluation so far.</summary>
    public FitEvaluation? Best { get; init; }
}
