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
    private uint _low, _high = uint.MaxValue, _code;

    private BitCoder(List<byte>? written, byte[] read) => (_written, _read) = (written, read);

    /// <summary>A coder that writes.</summary>
    internal static BitCoder Writer() => new([], []);

    /// <summary>A coder that reads what one wrote.</summary>
    internal static BitCoder Reader(ReadOnlyMemory<byte> bytes)
    {
        var coder = new BitCoder(null, bytes.ToArray());
        for (var i = 0; i < sizeof(uint); i++)
            coder._code = (coder._code << 8) | coder.NextByte();
        return coder;
    }

    /// <summary>Whether it reads.</summary>
    internal bool Reads => _written is null;

    /// <summary>How many bytes were read; up to four behind the end, which <see cref="Finish"/> may have left out.</summary>
    internal int Position { get; private set; }

    /// <summary>Codes a bit.</summary>
    /// <param name="bit">The bit, 0 or 1; not looked at by a coder that reads.</param>
    /// <param name="probability">How likely it is 1, of 65536; 1 to 65535.</param>
    /// <returns>The bit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Code(int bit, int probability)
    {
        var (low, high) = (_low, _high);
        var middle = low + (uint)(((ulong)(high - low) * (uint)probability) >> ProbabilityBits);
        // On either side the bit is known, so that what is learned of it need not wait for the comparison.
        if (Reads ? _code <= middle : bit != 0)
        {
            _high = high = middle;
            bit = 1;
        }
        else
        {
            _low = low = middle + 1;
            bit = 0;
        }
        if ((low ^ high) <= 0x00FFFFFF)
            Shift();
        return bit;
    }

    /// <summary>
    /// Codes a bit that is as likely 1 as 0, as <see cref="Code"/> would: a processor cannot foresee it either, so it is not asked to.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int CodeEvenBit(int bit)
    {
        var (low, high) = (_low, _high);
        var middle = low + ((high - low) >> 1);
        // All ones where the bit is 1.
        var one = Reads ? (uint)(((long)_code - middle - 1) >> 63) : (uint)-bit;
        _high = high = (middle & one) | (high & ~one);
        _low = low = (low & one) | ((middle + 1) & ~one);
        if ((low ^ high) <= 0x00FFFFFF)
            Shift();
        return (int)(one & 1);
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
            var candidate = bytes == 0 ? 0 : ((ulong)_low + ~mask) & mask;
            if (candidate < _low || candidate > _high)
                continue;
            for (var i = 0; i < bytes; i++)
                written.Add((byte)(candidate >> (24 - (8 * i))));
            break;
        }
        return [.. written];
    }

    /// <summary>Does away with the upper bytes that both ends of the interval have.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Shift()
    {
        while (((_low ^ _high) & 0xFF000000) == 0)
        {
            if (Reads)
                _code = (_code << 8) | NextByte();
            else
                _written!.Add((byte)(_high >> 24));
            _low <<= 8;
            _high = (_high << 8) | 0xFF;
        }
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
