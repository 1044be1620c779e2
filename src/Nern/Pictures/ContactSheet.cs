using Nern.Data;

namespace Nern.Pictures;

/// <summary>Images of a set side by side: a row for each class that has any, with its first images.</summary>
internal static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>Draws the sheet; a class with fewer images leaves its row white at the end.</summary>
    /// <param name="images">Images of 1 or 3 channels.</param>
    /// <param name="columns">Images of a row, at least 1.</param>
    /// <param name="scale">Pixels of the sheet for one of an image, in both directions; at least 1.</param>
    /// <param name="rows">The most rows; classes behind them are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not positive.</exception>
    /// <exception cref="NernException">The sheet would be too large.</exception>
    public static Picture Draw(LabelledImages images, int columns, int scale, int rows = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var (across, down) = ((images.Width * scale) + Gap, (images.Height * scale) + Gap);
        var rowOf = images.Labels.ToArray().Distinct().Order().Take(rows).Index().ToDictionary(row => row.Item, row => row.Index);
        var sheet = new Picture((columns * across) + Gap, (rowOf.Count * down) + Gap, images.Channels);
        var used = new int[rowOf.Count];
        var pixels = new byte[images.ImageLength];
        for (var i = 0; i < images.Count; i++)
            if (rowOf.TryGetValue(images.Labels[i], out var row) && used[row] < columns && images.TryRead(i, pixels))
                Place(images, pixels, scale, sheet, Gap + (used[row]++ * across), Gap + (row * down));
        return sheet;
    }

    private static void Place(LabelledImages images, ReadOnlySpan<byte> planes, int scale, Picture sheet, int left, int top)
    {
        var area = images.Height * images.Width;
        Span<byte> colour = stackalloc byte[images.Channels];
        for (var pixel = 0; pixel < area; pixel++)
        {
            for (var channel = 0; channel < colour.Length; channel++)
                colour[channel] = planes[(channel * area) + pixel];
            sheet.FillSquare(left + (pixel % images.Width * scale), top + (pixel / images.Width * scale), scale, colour);
        }
    }
}
