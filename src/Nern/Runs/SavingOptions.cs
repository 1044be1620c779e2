using Nern.Options;

namespace Nern.Runs;

/// <summary>Where and how often a fit or a training saves all it needs to go on.</summary>
public sealed record SavingOptions
{
    /// <summary>The file; each state replaces the one before, atomically.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Where the result is written to at the end, the .nern file of a fit or the network of a training; null to leave that to the caller.
    /// Room for it and for <see cref="Path"/> is taken before the first step. Should it not be written all the same,
    /// the last state is still at <see cref="Path"/>, which is left to the caller to delete.
    /// </summary>
    public string? Result { get; init; }

    /// <summary>Minutes between two states: the most that a crash costs. Saving takes some hundredths of a second.</summary>
    public double Minutes { get; init; } = 1;

    internal TimeSpan Interval => TimeSpan.FromMinutes(Minutes);

    internal void Validate() => new OptionRange(0, 1e6).Check("CheckpointMinutes", Minutes);
}
