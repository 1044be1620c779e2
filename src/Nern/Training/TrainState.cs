using Nern.Data;

namespace Nern.Training;

/// <summary>What the snapshot of a training holds besides arrays.</summary>
internal readonly record struct TrainState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Time taken.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The generator's four words.</summary>
    public ulong[]? Generator { get; init; }

    /// <summary>Where the images stand.</summary>
    public EpochPosition Images { get; init; }

    /// <summary>Steps of the optimiser.</summary>
    public long OptimizerSteps { get; init; }

    /// <summary>What has been summed up since the last evaluation.</summary>
    public TrainSums Sums { get; init; }

    /// <summary>The best evaluation so far.</summary>
    public TrainEvaluation? Best { get; init; }
}

/// <summary>Sums over steps.</summary>
/// <param name="Images">Images.</param>
/// <param name="Loss">Their cross-entropies.</param>
/// <param name="Correct">Images classified correctly.</param>
/// <param name="Smoothness">The regulariser, at the last step alone.</param>
/// <param name="Time">Time the steps took.</param>
internal readonly record struct TrainSums(long Images, double Loss, long Correct, double Smoothness, TimeSpan Time);
