using System.Runtime.InteropServices;

namespace Nern.Profiling;

/// <summary>How long some work takes, and where the time goes.</summary>
/// <param name="Seconds">The runs measured.</param>
/// <param name="Floors">
/// For each run the sum over its primitives of the time each takes when it is run alone, measured right after the run.
/// </param>
/// <param name="Pieces">
/// The kinds of work in a run, the longest first. Where there are several runs the pieces are those of others, profiled ones.
/// </param>
/// <param name="AllocatedBytes">
/// Managed memory that a run allocates, on all threads: the median, since a thread that was kept waiting may begin late.
/// </param>
/// <param name="PeakResidentBytes">The most memory the process has held by the end of the measured runs.</param>
internal sealed record Profile(
    IReadOnlyList<double> Seconds, IReadOnlyList<double> Floors, IReadOnlyList<ProfilePiece> Pieces, long AllocatedBytes,
    long PeakResidentBytes)
{
    /// <summary>The median of the runs.</summary>
    public double MedianSeconds => Median(Seconds);

    /// <summary>Multiplications and additions of the primitives in a run, counted from their shapes.</summary>
    public double FloatingPointOperations => Pieces.Sum(piece => piece.FloatingPointOperations);

    /// <summary>Floating-point operations a second.</summary>
    public double Rate => FloatingPointOperations / MedianSeconds;

    /// <summary>The median of the floors.</summary>
    public double FloorSeconds => Median(Floors);

    /// <summary>
    /// How near a run comes to its floor, 0 to 1, the median over the runs: what is missing is spent between and beside the
    /// primitives.
    /// </summary>
    public double FloorShare => Share(Floors);

    /// <summary>
    /// For each run its floor without micro-batches: the primitives of the networks on the whole batch and all threads. Empty where
    /// that was not asked for.
    /// </summary>
    public IReadOnlyList<double> WholeBatchFloors { get; init; } = [];

    /// <summary>How near a run comes to its <see cref="WholeBatchFloors"/>, above 1 where it is faster; the median over the runs.</summary>
    public double? WholeBatchFloorShare => WholeBatchFloors.Count == 0 ? null : Share(WholeBatchFloors);

    /// <summary>The middle value, or the mean of the two.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private double Share(IReadOnlyList<double> floors) => Median([.. floors.Zip(Seconds, (floor, seconds) => floor / seconds)]);
}

/// <summary>What one kind of work takes of a run.</summary>
/// <param name="Kind">The kind of work.</param>
/// <param name="Runs">How often it is done in a run.</param>
/// <param name="Seconds">What it takes in all.</param>
/// <param name="FloatingPointOperations">Multiplications and additions of its primitives, counted from their shapes.</param>
/// <param name="FloorSeconds">What its primitives take when each is run alone, again and again; 0 where nothing is counted.</param>
internal sealed record ProfilePiece(string Kind, double Runs, double Seconds, double FloatingPointOperations, double FloorSeconds)
{
    /// <summary>Floating-point operations a second.</summary>
    public double Rate => Seconds > 0 ? FloatingPointOperations / Seconds : 0;

    /// <summary>How near it comes to its floor, 0 to 1; 0 where there is none.</summary>
    public double FloorShare => Seconds > 0 ? FloorSeconds / Seconds : 0;
}

/// <summary>The processor this runs on.</summary>
internal static class Processor
{
    private const string LinuxList = "/proc/cpuinfo";

    /// <summary>Its name as the system gives it, or its architecture.</summary>
    internal static string Name { get; } =
        (File.Exists(LinuxList) ? File.ReadLines(LinuxList) : [])
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[^1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
