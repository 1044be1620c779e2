using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>
/// A binary arithmetic coder: an interval of 32-bit numbers is narrowed by each bit in proportion to its probability (Witten, Neal and
/// Cleary 1987, without carries). Writing and reading are one class, so that a model is written once for both.
/// </summary>
internal sealed class BitCoder
{
    /// <summary>Bits of a probability.</summary>
    internal const int ProbabilityBits = 16;

    /// <summary>What is said of bytes that end too early.</summary>
    internal const string EndsEarly = "its numbers end before the last of them.";

    // Of a number that is coded by its bits.
    private const int MostBits = 24;

    private readonly List<byte>? _written;
    private readonly byte[] _read;

    private BitCoder(List<byte>? written, byte[] read)
    {
        (_written, _read) = (written, read);
        Interval = new() { High = uint.MaxValue };
    }

    /// <summary>A coder that writes.</summary>
    internal static BitCoder Writer() => new([], []);

    /// <summary>A coder that reads what one wrote.</summary>
    internal static BitCoder Reader(ReadOnlyMemory<byte> bytes)
    {
        var coder = new BitCoder(null, bytes.ToArray());
        var interval = coder.Interval;
        for (var i = 0; i < sizeof(uint); i++)
            interval.Number = (interval.Number << 8) | coder.NextByte();
        coder.Interval = interval;
        return coder;
    }

    /// <summary>Whether it reads.</summary>
    internal bool Reads => _written is null;

    /// <summary>How many bytes were read; up to four behind the end, which <see cref="Finish"/> may have left out.</summary>
    internal int Position { get; private set; }

    /// <summary>The interval, for a loop to keep in registers; it is to be put back.</summary>
    internal Interval Interval { get; set; }

    /// <summary>Codes a bit.</summary>
    /// <param name="bit">The bit, 0 or 1; not looked at by a coder that reads.</param>
    /// <param name="probability">How likely it is 1, of 65536; 1 to 65535.</param>
    /// <returns>The bit.</returns>
    internal int Code(int bit, int probability)
    {
        var interval = Interval;
        bit = interval.Code(this, bit, probability);
        Interval = interval;
        return bit;
    }

    /// <summary>Codes a bit that is as likely 1 as 0.</summary>
    internal int CodeEvenBit(int bit)
    {
        var interval = Interval;
        bit = interval.CodeEvenBit(this, bit);
        Interval = interval;
        return bit;
    }

    /// <summary>Codes a number from 0 to before <paramref name="count"/>, all alike likely.</summary>
    internal int CodeEven(int value, int count)
    {
        // Halving the range needs no more than a bit's probability: the share of the lower half, as near as 16 bits come.
        var (first, end) = (0, count);
        while (end - first > 1)
        {
            var middle = first + ((end - first) / 2);
            var share = (int)(((long)(end - middle) << ProbabilityBits) / (end - first));
            if (Code(value >= middle ? 1 : 0, share) != 0)
                first = middle;
            else
                end = middle;
        }
        return first;
    }

    /// <summary>Codes the lower bits of a number as they are, so many of them.</summary>
    internal uint CodeBits(uint value, int count)
    {
        var result = 0u;
        for (var bit = count - 1; bit >= 0; bit--)
            result = (result << 1) | (uint)CodeEvenBit((int)(value >> bit) & 1);
        return result;
    }

    /// <summary>Codes the 32 bits of a number as they are.</summary>
    internal uint CodeWord(uint value) => CodeBits(value, 32);

    /// <summary>Codes a number near 0: how many bits its magnitude plus 1 has, those bits, its sign (Elias's gamma code).</summary>
    internal int CodeNear(int value)
    {
        var magnitude = (uint)Math.Abs((long)value) + 1;
        var bits = 31 - int.LeadingZeroCount((int)magnitude);
        var length = 0;
        while (length < MostBits && CodeEvenBit(bits > length ? 1 : 0) != 0)
            length++;
        // The first of its bits is 1.
        var result = (1u << length) | CodeBits(magnitude, length);
        return result == 1 ? 0 : CodeEvenBit(value < 0 ? 1 : 0) != 0 ? -(int)(result - 1) : (int)(result - 1);
    }

    /// <summary>All that was written: the fewest bytes that, with zeros behind them, lie in the interval.</summary>
    internal byte[] Finish()
    {
        var written = _written!;
        for (var bytes = 0; bytes <= sizeof(uint); bytes++)
        {
            var shift = 32 - (8 * bytes);
            var mask = bytes == 0 ? 0 : uint.MaxValue << shift;
            // The smallest number with so many bytes that is not below the interval.
            var candidate = bytes == 0 ? 0 : ((ulong)Interval.Low + ~mask) & mask;
            if (candidate < Interval.Low || candidate > Interval.High)
                continue;
            for (var i = 0; i < bytes; i++)
                written.Add((byte)(candidate >> (24 - (8 * i))));
            break;
        }
        return [.. written];
    }

    /// <summary>An interval without the upper bytes that both its ends have.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal Interval Shifted(Interval interval)
    {
        while (((interval.Low ^ interval.High) & 0xFF000000) == 0)
        {
            if (Reads)
                interval.Number = (interval.Number << 8) | NextByte();
            else
                _written!.Add((byte)(interval.High >> 24));
            interval.Low <<= 8;
            interval.High = (interval.High << 8) | 0xFF;
        }
        return interval;
    }

    // Behind the end there are zeros: Finish leaves those out. It leaves out no more than a reader begins with.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte NextByte()
    {
        var position = Position++;
        return position < _read.Length ? _read[position] : position < _read.Length + sizeof(uint)
            ? (byte)0 : throw new InvalidDataException(EndsEarly);
    }
}
