namespace Nern.Profiling;

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
