using Nern.Data.Folders;
using SkiaSharp;

namespace Nern.Pictures;

/// <summary>Words on white, in a font that comes with the library: a machine need not have any. It has the letters of Latin 1.</summary>
internal static class PictureText
{
    private const float Size = 13;
    private const byte Ink = 40;

    private static readonly Lazy<SKFont> Font = new(Load);

    /// <summary>Rows of a line.</summary>
    internal const int Height = 18;

    /// <summary>Columns that a text takes.</summary>
    internal static int WidthOf(string text) => (int)Math.Ceiling(Font.Value.MeasureText(text));

    /// <summary>Writes a line; what goes beyond the picture is cut off.</summary>
    /// <param name="picture">The picture, in three channels.</param>
    /// <param name="text">The text.</param>
    /// <param name="x">Its first column.</param>
    /// <param name="y">Its first row.</param>
    internal static void Write(Picture picture, string text, int x, int y)
    {
        var width = Math.Min(WidthOf(text), picture.Width - x);
        if (width < 1)
            return;
        using var bitmap = new SKBitmap(new SKImageInfo(width, Height, SKColorType.Gray8, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = new SKColor(Ink, Ink, Ink), IsAntialias = true })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawText(text, 0, Height - 5, SKTextAlign.Left, Font.Value, paint);
        }
        Span<byte> colour = stackalloc byte[3];
        for (var row = 0; row < Height; row++)
        {
            var pixels = bitmap.GetPixelSpan(0, row);
            for (var column = 0; column < width; column++)
            {
                colour.Fill(pixels[column]);
                picture.FillSquare(x + column, y + row, 1, colour);
            }
        }
    }

    private static SKFont Load()
    {
        SkiaLibrary.Require();
        using var stream = typeof(PictureText).Assembly.GetManifestResourceStream("Nern.Pictures.DejaVuSans-Latin.ttf")!;
        return new(SKTypeface.FromStream(stream), Size) { Subpixel = false, Edging = SKFontEdging.Antialias };
    }
}
