namespace Nern.Resuming;

/// <summary>Where and how often a fit saves all it needs to go on.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The file; each checkpoint replaces the one before, atomically.</summary>
    public required string Path { get; init; }

    /// <summary>Minutes between two checkpoints: the most that a crash costs. One takes some hundredths of a second.</summary>
    public double Minutes { get; init; } = 1;

    internal void Validate() => new OptionRange(0, 1e6).Check("CheckpointMinutes", Minutes);
}
