using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Nern.Imaging;

/// <summary>Decodes PNG of every colour type and depth; opacity is dropped, and values of 16 bits become 8.</summary>
internal static unsafe class PngDecoder
{
    private const int ChunkOverhead = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    internal static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <exception cref="ImagingException">The file is damaged, cut short or too large.</exception>
    internal static Bitmap Decode(ReadOnlySpan<byte> file)
    {
        var critical = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            return DecodeCritical(critical.AsSpan(0, CopyCritical(file, critical)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(critical);
        }
    }

    /// <summary>
    /// Leaves away all chunks that are not needed for the pixels as they are stored: transparency, gamma and profiles, which would
    /// change them, and texts and the like, which only take time.
    /// </summary>
    private static int CopyCritical(ReadOnlySpan<byte> file, Span<byte> target)
    {
        Signature.CopyTo(target);
        var (read, written) = (Signature.Length, Signature.Length);
        while (file.Length - read >= ChunkOverhead)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[read..]);
            if (length > file.Length - read - ChunkOverhead)
                throw new ImagingException("the PNG file is cut short.");
            var chunk = file.Slice(read, (int)length + ChunkOverhead);
            read += chunk.Length;
            // A small first letter marks what can be done without.
            if ((chunk[4] & 0x20) != 0)
                continue;
            chunk.CopyTo(target[written..]);
            written += chunk.Length;
        }
        return written;
    }

    private static Bitmap DecodeCritical(ReadOnlySpan<byte> file)
    {
        var image = new Png.png_image { version = Png.PNG_IMAGE_VERSION };
        Bitmap? bitmap = null;
        try
        {
            fixed (byte* bytes = file)
            {
                if (Png.png_image_begin_read_from_memory(&image, bytes, (nuint)file.Length) == 0)
                    throw new ImagingException($"the PNG header cannot be read: {Message(image)}.");
                bitmap = new Bitmap(Size(image.width), Size(image.height));
                image.format = Png.PNG_FORMAT_RGBA;
                image.flags |= Png.PNG_IMAGE_FLAG_16BIT_sRGB;
                fixed (byte* pixels = bitmap.Writable)
                    if (Png.png_image_finish_read(&image, null, pixels, bitmap.Width * Bitmap.PixelBytes, null) == 0)
                        throw new ImagingException($"the PNG data cannot be decoded: {Message(image)}.");
                return bitmap;
            }
        }
        catch
        {
            bitmap?.Dispose();
            throw;
        }
        finally
        {
            Png.png_image_free(&image);
        }
    }

    // What does not fit is too large in any case.
    private static int Size(uint value) => (int)Math.Min(value, int.MaxValue);

    private static string Message(Png.png_image image) =>
        Marshal.PtrToStringUTF8((nint)image.message) is { Length: > 0 } message ? message : "no reason is given";
}
