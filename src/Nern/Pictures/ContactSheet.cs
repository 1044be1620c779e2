using Nern.Data;

namespace Nern.Pictures;

/// <summary>Images of a set side by side: a row for each class, with its first images.</summary>
public static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>Draws the sheet; a class with fewer images leaves its row white at the end.</summary>
    /// <param name="images">Images of 1 or 3 channels.</param>
    /// <param name="columns">Images of a row, at least 1.</param>
    /// <param name="scale">Pixels of the sheet for one of an image, in both directions; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not positive.</exception>
    /// <exception cref="NernException">The sheet would be too large.</exception>
    public static Picture Draw(ImageSet images, int columns, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        var (across, down) = ((images.Width * scale) + Gap, (images.Height * scale) + Gap);
        var sheet = new Picture((columns * across) + Gap, (images.Classes * down) + Gap, images.Channels);
        var used = new int[images.Classes];
        for (var i = 0; i < images.Count; i++)
        {
            var label = images.Labels[i];
            if (used[label] < columns)
                Place(images, i, scale, sheet, Gap + (used[label]++ * across), Gap + (label * down));
        }
        return sheet;
    }

    private static void Place(ImageSet images, int index, int scale, Picture sheet, int left, int top)
    {
        var planes = images.Image(index);
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
