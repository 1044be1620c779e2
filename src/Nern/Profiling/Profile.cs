namespace Nern.Profiling;

/// <summary>How long some work takes, and where the time goes.</summary>
/// <param name="Seconds">The runs measured, one after another.</param>
/// <param name="Pieces">
/// The kinds of work in a run, the longest first. Where there are several runs the pieces are those of others, profiled ones.
/// </param>
/// <param name="AllocatedBytes">Managed memory that a run allocates on its thread.</param>
/// <param name="PeakResidentBytes">The most memory the process has held by the end of the measured runs.</param>
public sealed record Profile(
    IReadOnlyList<double> Seconds, IReadOnlyList<ProfilePiece> Pieces, long AllocatedBytes, long PeakResidentBytes)
{
    /// <summary>The median of the runs.</summary>
    public double MedianSeconds
    {
        get
        {
            double[] sorted = [.. Seconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>Multiplications and additions of the primitives in a run, counted from their shapes.</summary>
    public double FloatingPointOperations => Pieces.Sum(piece => piece.FloatingPointOperations);

    /// <summary>Floating-point operations a second.</summary>
    public double Rate => FloatingPointOperations / MedianSeconds;

    /// <summary>The sum over the primitives in a run of the best time of each when it is run alone.</summary>
    public double FloorSeconds => Pieces.Sum(piece => piece.FloorSeconds);

    /// <summary>How near a run comes to the floor, 0 to 1: what is missing is spent between and beside the primitives.</summary>
    public double FloorShare => FloorSeconds / MedianSeconds;
}
