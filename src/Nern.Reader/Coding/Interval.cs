using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>The interval of a <see cref="BitCoder"/>, and where in it what is read lies.</summary>
internal struct Interval
{
    /// <summary>Its ends, both within it.</summary>
    internal uint Low, High;

    /// <summary>The bytes that are read, as a number.</summary>
    internal uint Number;

    /// <summary>Codes a bit.</summary>
    /// <param name="coder">Whose interval it is.</param>
    /// <param name="bit">The bit, 0 or 1; not looked at by a coder that reads.</param>
    /// <param name="probability">How likely it is 1, of 65536; 1 to 65535.</param>
    /// <returns>The bit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Code(BitCoder coder, int bit, int probability)
    {
        var middle = Low + (uint)(((ulong)(High - Low) * (uint)probability) >> BitCoder.ProbabilityBits);
        // On either side the bit is known, so that what is learned of it need not wait for the comparison.
        if (coder.Reads ? Number <= middle : bit != 0)
        {
            High = middle;
            bit = 1;
        }
        else
        {
            Low = middle + 1;
            bit = 0;
        }
        if ((Low ^ High) <= 0x00FFFFFF)
            this = coder.Shifted(this);
        return bit;
    }

    /// <summary>
    /// Codes a bit that is as likely 1 as 0, as <see cref="Code"/> would: a processor cannot foresee it either, so it is not asked to.
    /// </summary>
    /// <inheritdoc cref="Code"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int CodeEvenBit(BitCoder coder, int bit)
    {
        var middle = Low + ((High - Low) >> 1);
        // All ones where the bit is 1.
        var one = coder.Reads ? (uint)(((long)Number - middle - 1) >> 63) : (uint)-bit;
        High = (middle & one) | (High & ~one);
        Low = (Low & one) | ((middle + 1) & ~one);
        if ((Low ^ High) <= 0x00FFFFFF)
            this = coder.Shifted(this);
        return (int)(one & 1);
    }
}
