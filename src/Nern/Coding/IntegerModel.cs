namespace Nern.Coding;

/// <summary>
/// Codes matrices of integers, most of them near 0: is it 0, is its magnitude 1, is it 2, …, and its sign. How likely each is follows from
/// the magnitudes around it: those before it in its row, which is a filter or an output; those above it in its column; and the means of
/// row and column so far.
/// </summary>
internal sealed class IntegerModel
{
    private const int Contexts = 3, Levels = 12, Unary = 16, LargestKernel = 25;

    // Longest of an integer that is not small.
    private const int MostBits = 24;

    private readonly AdaptiveBits _small = new(Contexts, Unary, LargestKernel * Levels * Levels * Unary);
    private readonly AdaptiveBits _lengths = new(1, 1, MostBits + 1);

    /// <summary>Codes a matrix.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="integers">The matrix, [rows, columns], of magnitudes below 2^24; a coder that reads fills it.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="kernel">How many columns make a kernel.</param>
    internal void Code(BitCoder coder, Span<int> integers, int columns, int kernel)
    {
        if (kernel > LargestKernel || columns % kernel != 0)
            kernel = 1;
        // Running means of magnitudes, in 256ths.
        var ofColumns = new int[columns];
        Span<int> places = stackalloc int[Contexts];
        for (var first = 0; first < integers.Length; first += columns)
        {
            var row = integers.Slice(first, columns);
            var up = first >= columns ? integers.Slice(first - columns, columns) : default;
            var above = first >= 2 * columns ? integers.Slice(first - (2 * columns), columns) : default;
            var rows = Math.Min((first / columns) + 2, 16);
            var (ofRow, left, before, third, place) = (0, 0, 0, 0, 0);
            for (var column = 0; column < columns; column++)
            {
                var near = Level(((2 * left) + before + third) * 64);
                var high = (up.IsEmpty ? 0 : 2 * Bounded(up[column])) + (above.IsEmpty ? 0 : Bounded(above[column]));
                places[0] = ((place * Levels) + near) * Unary;
                places[1] = ((near * Levels) + Level(high * 85)) * Unary;
                places[2] = ((Level(ofRow) * Levels) + Level(ofColumns[column])) * Unary;
                row[column] = Code(coder, row[column], places);
                (third, before, left) = (before, left, Bounded(row[column]));
                ofColumns[column] += ((left << 8) - ofColumns[column]) / rows;
                ofRow += ((left << 8) - ofRow) / Math.Min(column + 2, 48);
                place = place + 1 == kernel ? 0 : place + 1;
            }
        }
    }

    private static int Bounded(int value) => Math.Min(Math.Abs(value), 255);

    private int Code(BitCoder coder, int value, Span<int> places)
    {
        var magnitude = Math.Abs(value);
        var found = 0;
        while (found < Unary && _small.Code(coder, magnitude > found ? 1 : 0, found, places) != 0)
        {
            found++;
            foreach (ref var place in places)
                place++;
        }
        if (found == Unary)
            found += CodeLarge(coder, magnitude - Unary);
        return found == 0 ? 0 : coder.Code(value < 0 ? 1 : 0, BitCoder.Half) != 0 ? -found : found;
    }

    /// <summary>How many bits value + 1 has, then those bits but the first, which is 1 (Elias's gamma code with learned lengths).</summary>
    private int CodeLarge(BitCoder coder, int value)
    {
        var length = 31 - int.LeadingZeroCount(value + 1);
        var found = 0;
        while (found < MostBits && _lengths.Code(coder, length > found ? 1 : 0, 0, [found]) != 0)
            found++;
        return (int)((1u << found) | coder.CodeBits((uint)(value + 1), found)) - 1;
    }

    /// <summary>A mean of magnitudes, in 256ths, on a scale that is about logarithmic.</summary>
    private static int Level(int mean) => mean switch
    {
        < 160 => mean switch { < 16 => 0, < 40 => 1, < 72 => 2, < 112 => 3, _ => 4 },
        < 640 => mean switch { < 224 => 5, < 320 => 6, < 448 => 7, _ => 8 },
        < 960 => 9,
        < 1600 => 10,
        _ => 11,
    };
}
