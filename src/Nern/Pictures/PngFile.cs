using Nern.Data.Folders;
using Nern.Files;
using SkiaSharp;

namespace Nern.Pictures;

/// <summary>Writes pictures as PNG, grey or red, green and blue of 8 bits.</summary>
public static class PngFile
{
    private const int SmallestSize = 9;

    /// <summary>Writes <paramref name="picture"/>, all of it or nothing.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, Picture picture)
    {
        using var data = Encode(picture);
        AtomicFile.Write(path, file => file.Write(data.AsSpan()));
    }

    /// <summary>What <see cref="Save"/> would write.</summary>
    /// <exception cref="NernException">The picture cannot be encoded.</exception>
    public static byte[] ToBytes(Picture picture)
    {
        using var data = Encode(picture);
        return data.ToArray();
    }

    private static SKData Encode(Picture picture)
    {
        SkiaLibrary.Require();
        var kind = picture.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgb888x;
        using var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, kind, SKAlphaType.Opaque));
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            var pixels = bitmap.GetPixelSpan(0, y);
            if (picture.Channels == 1)
                row.CopyTo(pixels);
            else
                for (var x = 0; x < picture.Width; x++)
                    row.Slice(3 * x, 3).CopyTo(pixels[(4 * x)..]);
        }
        using var pixmap = bitmap.PeekPixels();
        return pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Up, SmallestSize))
            ?? throw new NernException($"A picture of {picture.Width} x {picture.Height} pixels could not be made a PNG file.");
    }
}
