using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>What the log odds of a context count in a sum: a number with 16 bits behind the point.</summary>
internal static class MixingWeight
{
    private const int Bits = 16, LearningShift = 16;

    /// <summary>Weights as they are at first: all contexts of a bit together have 11 / 10.</summary>
    internal static int[] First(int count, int contexts)
    {
        var weights = new int[count];
        Array.Fill(weights, (1 << Bits) * 11 / 10 / contexts);
        return weights;
    }

    /// <summary>Where a sum of weights times log odds stands in <see cref="LogOdds.Probabilities"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Place(long sum) => (int)Math.Max(0, Math.Min((sum >> Bits) + LogOdds.Limit, 2 * LogOdds.Limit));

    /// <summary>Moves a weight towards what would have been right.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="odds">The log odds of its context.</param>
    /// <param name="error">How far the probability was from the bit, in 65536ths.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Learn(ref int weight, int odds, int error) =>
        weight += ((odds * error) + (1 << (LearningShift - 1))) >> LearningShift;
}
