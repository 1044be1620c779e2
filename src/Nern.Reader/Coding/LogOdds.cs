namespace Nern.Coding;

/// <summary>
/// Probabilities as log odds and back, by tables of whole numbers: log odds have 8 bits behind the point and lie within 2047.
/// </summary>
internal static class LogOdds
{
    /// <summary>The largest.</summary>
    internal const int Limit = 2047;

    /// <summary>Bits of a probability that <see cref="OfProbabilities"/> is asked for.</summary>
    internal const int ProbabilityBits = 12;

    private const int CornerDistance = 128;

    // 65536 / (1 + exp(-x)) for x from -8 to 8 in halves.
    private static readonly int[] Corners =
    [
        22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108,
        4971, 7812, 11955, 17625, 24743, 32768, 40793, 47911, 53581, 57724, 60565,
        62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
    ];

    /// <summary>The probability of 65536 for log odds from -2047 on; none is nearer to 0 or 1 than 16 of 65536.</summary>
    internal static ushort[] Probabilities { get; } = TableOfProbabilities();

    /// <summary>The log odds for a probability of 4096.</summary>
    internal static short[] OfProbabilities { get; } = TableOfOdds();

    private static short[] TableOfOdds()
    {
        // The inverse of the other table, so that both come from the same whole numbers.
        var table = new short[1 << ProbabilityBits];
        var odds = -Limit;
        for (var i = 0; i < table.Length; i++)
        {
            while (odds < Limit && Probabilities[odds + Limit] >> (BitCoder.ProbabilityBits - ProbabilityBits) < i)
                odds++;
            table[i] = (short)odds;
        }
        return table;
    }

    // Between the corners straight lines: a table of literals is the same on any machine, which exp need not be.
    private static ushort[] TableOfProbabilities()
    {
        var table = new ushort[(2 * Limit) + 1];
        for (var odds = -Limit; odds <= Limit; odds++)
        {
            var (corner, part) = Math.DivRem(odds + Limit + 1, CornerDistance);
            var (low, high) = (Corners[corner], Corners[Math.Min(corner + 1, Corners.Length - 1)]);
            table[odds + Limit] = (ushort)Math.Clamp(low + ((high - low) * part / CornerDistance), 16, 65520);
        }
        return table;
    }
}
