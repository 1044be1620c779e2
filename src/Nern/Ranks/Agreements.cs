using System.Runtime.InteropServices;

namespace Nern.Ranks;

/// <summary>What ranks have to decide alike, and be alike in.</summary>
internal static class Agreements
{
    /// <summary>The time by the first rank's clock, and whether any rank was asked to stop.</summary>
    internal static (TimeSpan Time, bool IsStopped) Agree(this Communicator ranks, TimeSpan time, bool isStopped)
    {
        if (!ranks.IsShared)
            return (time, isStopped);
        // Whole ticks of a year's work are exact in a double.
        Span<double> message = [ranks.IsFirst ? time.Ticks : 0, isStopped ? 1 : 0];
        ranks.Max(message);
        return (new TimeSpan((long)message[0]), message[1] > 0);
    }

    /// <summary>Waits for all ranks.</summary>
    internal static void Meet(this Communicator ranks) => ranks.Agree(default, isStopped: false);

    /// <summary>Makes sure that all ranks have the same values, to the bit.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="values">The values.</param>
    /// <param name="step">After which step, for the message.</param>
    /// <exception cref="NernException">They have not.</exception>
    internal static void CheckEqual(this Communicator ranks, ReadOnlySpan<float> values, long step)
    {
        if (!ranks.IsShared)
            return;
        var hash = 14695981039346656037;
        foreach (var word in MemoryMarshal.Cast<float, uint>(values))
            hash = (hash ^ word) * 1099511628211;
        // Halves, which a double holds exactly; the largest of the negated is the smallest.
        var (high, low) = ((double)(hash >> 32), (double)(uint)hash);
        Span<double> message = [high, low, -high, -low];
        ranks.Max(message);
        if (message[0] != -message[2] || message[1] != -message[3])
            throw new NernException(
                $"The ranks have come to different parameters by step {step}: they need processors of one kind and the same libraries.");
    }
}
