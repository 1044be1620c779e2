using Nern.Options;

namespace Nern.Runs;

/// <summary>Where and how often a fit or a training saves all it needs to go on.</summary>
public sealed record SavingOptions
{
    /// <summary>The file; each state replaces the one before, atomically.</summary>
    public required string Path { get; init; }

    /// <summary>Minutes between two states: the most that a crash costs. Saving takes some hundredths of a second.</summary>
    public double Minutes { get; init; } = 1;

    internal TimeSpan Interval => TimeSpan.FromMinutes(Minutes);

    internal void Validate() => new OptionRange(0, 1e6).Check("CheckpointMinutes", Minutes);

    /// <summary>
    /// Saves; returns why it could not, or null. The disk may have room again by the next time; what was saved before is still there.
    /// </summary>
    internal string? Try(Action<string> save)
    {
        try
        {
            save(Path);
            return null;
        }
        catch (NernException exception)
        {
            return exception.Message;
        }
    }
}
