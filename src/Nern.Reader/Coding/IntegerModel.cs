using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>
/// Codes matrices of integers, most of them near 0: is it 0, is its magnitude 1, is it 2, …, and its sign. How likely each is follows from
/// the magnitudes around it: those before it in its row, which is a filter or an output; those above it in its column; and the means of
/// row and column so far.
/// </summary>
internal sealed class IntegerModel
{
    private const int Levels = 12, Unary = 16, LargestKernel = 25;

    // Longest of an integer that is not small.
    private const int MostBits = 24;

    // Integers that room is taken for at first: what a file says of its size is believed as far as it was read.
    private const int BlockSize = 1 << 16;

    // What counts of a magnitude, and the mean, in 256ths, that the highest level begins at.
    private const int Bound = 255, Highest = 1600;

    private static readonly byte[] LevelsOfMeans = TableOfLevels(Highest, 1);
    private static readonly byte[] LevelsOfNear = TableOfLevels(4 * Bound, 64), LevelsOfHigh = TableOfLevels(3 * Bound, 85);

    private readonly AdaptiveBits _small = new(Unary, LargestKernel * Levels * Unary);
    private readonly AdaptiveLengths _lengths = new(MostBits);

    // Held here, they are known to be there by the time that the loop below is compiled.
    private readonly byte[] _levels = LevelsOfMeans, _near = LevelsOfNear, _high = LevelsOfHigh;
    private readonly uint[] _factors = Quotients.Factors;

    /// <summary>Codes a matrix.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="integers">The matrix, [rows, columns], of magnitudes below 2^24; not looked at by a coder that reads.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="kernel">How many columns make a kernel.</param>
    /// <returns>The matrix; a new one where the coder reads.</returns>
    internal int[] Code(BitCoder coder, int[] integers, int count, int columns, int kernel)
    {
        if (kernel > LargestKernel || columns % kernel != 0)
            kernel = 1;
        if (coder.Reads)
            integers = [];
        // Running means of magnitudes in 256ths, and magnitudes of the row above and the one above that.
        int[] means = [];
        byte[] up = [], above = [];
        for (var first = 0; first < count; first += columns)
        {
            var row = new Row(_factors[Math.Min((first / columns) + 2, 16)], kernel);
            for (var column = 0; column < columns; column += BlockSize)
            {
                var size = Math.Min(BlockSize, columns - column);
                Grow(ref integers, first + column + size, count);
                Grow(ref means, column + size, columns);
                Grow(ref up, column + size, columns);
                Grow(ref above, column + size, columns);
                Code(
                    coder, ref row, integers.AsSpan(first + column, size), means.AsSpan(column, size), up.AsSpan(column, size),
                    above.AsSpan(column, size));
            }
            (up, above) = (above, up);
        }
        return integers;
    }

    // Compiled in full at once: the first file that is read is often the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Code(BitCoder coder, ref Row state, Span<int> integers, Span<int> means, Span<byte> up, Span<byte> above)
    {
        var (row, interval) = (state, coder.Interval);
        means = means[..integers.Length];
        up = up[..integers.Length];
        above = above[..integers.Length];
        for (var i = 0; i < integers.Length; i++)
        {
            var near = _near[(2 * row.Left) + row.Before + row.Third];
            var place = ((row.Place * Levels) + near) * Unary;
            var pattern = ((near * Levels) + _high[(2 * up[i]) + above[i]]) * Unary;
            var mean = ((_levels[Math.Min(row.Mean, Highest)] * Levels) + _levels[Math.Min(means[i], Highest)]) * Unary;
            var value = integers[i];
            var magnitude = Math.Abs(value);
            var found = 0;
            while (found < Unary
                && _small.Code(coder, ref interval, magnitude > found ? 1 : 0, found, place + found, pattern + found, mean + found) != 0)
                found++;
            if (found > 0)
            {
                if (found == Unary)
                {
                    coder.Interval = interval;
                    found += CodeLarge(coder, magnitude - Unary);
                    interval = coder.Interval;
                }
                var sign = -interval.CodeEvenBit(coder, value < 0 ? 1 : 0);
                integers[i] = (found ^ sign) - sign;
            }
            var bounded = Math.Min(found, Bound);
            (row.Third, row.Before, row.Left) = (row.Before, row.Left, bounded);
            // The row above that is no longer asked for: in the next row this one is above.
            above[i] = (byte)bounded;
            means[i] += Quotients.Of((bounded << 8) - means[i], row.Factor);
            row.Mean += Quotients.Of((bounded << 8) - row.Mean, _factors[Math.Min(row.Column + 2, 48)]);
            row.Column++;
            row.Place = row.Place + 1 == row.Kernel ? 0 : row.Place + 1;
        }
        (state, coder.Interval) = (row, interval);
    }

    /// <summary>How many bits value + 1 has, then those bits but the first, which is 1 (Elias's gamma code with learned lengths).</summary>
    private int CodeLarge(BitCoder coder, int value)
    {
        var found = _lengths.Code(coder, 31 - int.LeadingZeroCount(value + 1));
        return (int)((1u << found) | coder.CodeBits((uint)(value + 1), found)) - 1;
    }

    private static void Grow<T>(ref T[] array, int needed, int most)
    {
        if (array.Length < needed)
            Array.Resize(ref array, (int)Math.Min(Math.Max(Math.Max(needed, BlockSize), 2L * array.Length), most));
    }

    /// <summary>Levels of 0, step, 2 step, … up to so many steps.</summary>
    private static byte[] TableOfLevels(int steps, int step) => [.. Enumerable.Range(0, steps + 1).Select(i => (byte)Level(i * step))];

    /// <summary>A mean of magnitudes, in 256ths, on a scale that is about logarithmic.</summary>
    private static int Level(int mean) => mean switch
    {
        < 160 => mean switch { < 16 => 0, < 40 => 1, < 72 => 2, < 112 => 3, _ => 4 },
        < 640 => mean switch { < 224 => 5, < 320 => 6, < 448 => 7, _ => 8 },
        < 960 => 9,
        < Highest => 10,
        _ => 11,
    };

    /// <summary>What is known of a row as it is gone through.</summary>
    /// <param name="factor">That of the divisor of its columns' means.</param>
    /// <param name="kernel">How many columns make a kernel.</param>
    private struct Row(uint factor, int kernel)
    {
        internal readonly uint Factor = factor;
        internal readonly int Kernel = kernel;
        internal int Column, Place, Mean;

        // Magnitudes before the next, from the last on.
        internal int Left, Before, Third;
    }
}
