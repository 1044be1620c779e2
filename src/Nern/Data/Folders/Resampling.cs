using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Data.Folders;

/// <summary>
/// Resizes as Pillow's <c>Image.resize(size, BILINEAR)</c> does, and so torchvision: rows first, rounded to bytes, then columns.
/// </summary>
internal static class Resampling
{
    /// <summary>Resizes a part of an image and takes a part of the result; only what that takes is computed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="part">What is resized: pixels outside do not count.</param>
    /// <param name="width">Columns it is resized to.</param>
    /// <param name="height">Rows it is resized to.</param>
    /// <param name="window">What is wanted of the result.</param>
    /// <param name="planes">Receives red, green and blue, [3, window height, window width].</param>
    internal static void Resize(Bitmap image, Box part, int width, int height, Box window, Span<byte> planes)
    {
        var across = new Taps(part.Width, width, window.Left, window.Width);
        var down = new Taps(part.Height, height, window.Top, window.Height);
        var (rowBytes, rows) = (window.Width * Bitmap.PixelBytes, down.End - down.Begin);
        var rented = ArrayPool<byte>.Shared.Rent(rows * rowBytes);
        var narrow = rented.AsSpan(0, rows * rowBytes);
        for (var row = 0; row < rows; row++)
        {
            var source = image.Pixels.Slice(((((part.Top + down.Begin + row) * image.Width) + part.Left) * Bitmap.PixelBytes),
                part.Width * Bitmap.PixelBytes);
            for (var x = 0; x < window.Width; x++)
            {
                var weights = across.Weights(x, out var first);
                Write(Sum(source[(first * Bitmap.PixelBytes)..], Bitmap.PixelBytes, weights),
                    narrow[((row * rowBytes) + (x * Bitmap.PixelBytes))..]);
            }
        }
        var plane = window.Width * window.Height;
        Span<byte> pixel = stackalloc byte[Bitmap.PixelBytes];
        for (var y = 0; y < window.Height; y++)
        {
            var weights = down.Weights(y, out var first);
            var source = narrow[((first - down.Begin) * rowBytes)..];
            for (var x = 0; x < window.Width; x++)
            {
                Write(Sum(source[(x * Bitmap.PixelBytes)..], rowBytes, weights), pixel);
                var place = (y * window.Width) + x;
                (planes[place], planes[plane + place], planes[(2 * plane) + place]) = (pixel[0], pixel[1], pixel[2]);
            }
        }
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>The weighted sum of pixels that are <paramref name="stride"/> bytes apart, all colours at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sum(ReadOnlySpan<byte> pixels, int stride, ReadOnlySpan<int> weights)
    {
        var sum = Vector128.Create(1 << (Taps.FractionBits - 1));
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var bytes = Vector128.CreateScalarUnsafe(MemoryMarshal.Read<uint>(pixels[(tap * stride)..])).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weights[tap];
        }
        return sum;
    }

    // Weights are not negative and add up to one, so that a sum is never out of range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector128<int> sum, Span<byte> pixel)
    {
        var shorts = Vector128.Narrow((sum >> Taps.FractionBits).AsUInt32(), Vector128<uint>.Zero);
        MemoryMarshal.Write(pixel, Vector128.Narrow(shorts, Vector128<ushort>.Zero).AsUInt32().ToScalar());
    }
}
