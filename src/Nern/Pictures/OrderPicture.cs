using Nern.Orderings;

namespace Nern.Pictures;

/// <summary>
/// Which filter each kernel came from (paper, figures 2 and 7): a place for each kernel as the predictor meets them, filters down and
/// channels
/// across, in the colour of the filter that the kernel is of. Without an order each row has one colour.
/// </summary>
public static class OrderPicture
{
    // Viridis, from its darkest to its brightest.
    private static readonly byte[][] Stops =
        [[68, 1, 84], [72, 40, 120], [62, 73, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89],
            [180, 222, 44], [253, 231, 37]];

    /// <summary>Draws the picture.</summary>
    /// <param name="order">The order.</param>
    /// <param name="most">The most filters and the most channels that are shown, at least 1.</param>
    /// <param name="scale">Pixels of the picture for a kernel, in both directions; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not positive.</exception>
    /// <exception cref="NernException">The picture would be too large.</exception>
    public static Picture Draw(Ordering order, int most, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        var (rows, columns) = (Math.Min(most, order.Filters), Math.Min(most, order.Channels));
        var picture = new Picture(columns * scale, rows * scale);
        Span<byte> colour = stackalloc byte[3];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var filter = order.KernelAt[(row * order.Channels) + column] / order.Channels;
                Write(order.Filters > 1 ? filter / (order.Filters - 1.0) : 0, colour);
                picture.FillSquare(column * scale, row * scale, scale, colour);
            }
        return picture;
    }

    private static void Write(double share, Span<byte> colour)
    {
        var place = share * (Stops.Length - 1);
        var first = Math.Min((int)place, Stops.Length - 2);
        for (var channel = 0; channel < 3; channel++)
            colour[channel] = (byte)Math.Round(double.Lerp(Stops[first][channel], Stops[first + 1][channel], place - first));
    }
}
