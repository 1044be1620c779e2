using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>
/// Divisions by small numbers as products, which take a fraction of the time, exactly: with m = floor(2^32 / d) + 1 floor(n m / 2^32)
/// is floor(n / d) for every n from 0 to below 2^32 / d.
/// </summary>
internal static class Quotients
{
    /// <summary>The largest divisor.</summary>
    internal const int Largest = 128;

    /// <summary>m by the divisor; nothing is divided by 0 or 1.</summary>
    internal static uint[] Factors { get; } =
        [.. Enumerable.Range(0, Largest + 1).Select(divisor => divisor < 2 ? 0 : (uint)((1L << 32) / divisor) + 1)];

    /// <summary>A number from 0 to below 2^25 divided by the divisor that a factor is of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Of(uint number, uint factor) => (uint)(((ulong)number * factor) >> 32);

    /// <summary>A number of a magnitude below 2^25 divided, cut off towards 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Of(int number, uint factor) => (int)(((long)number * factor) >> 32) + (int)((uint)number >> 31);
}
