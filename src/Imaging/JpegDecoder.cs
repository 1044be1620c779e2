using System.Runtime.InteropServices;

namespace Nern.Imaging;

/// <summary>Decodes JPEG as libjpeg does by default: the accurate integer transform, and colour made finer by interpolation.</summary>
internal static unsafe class JpegDecoder
{
    // What libjpeg only warns of and most programs pass over. That a file ends too early is among the rest, and so is all that
    // fails once a warning was given: the code of both is that of a warning.
    private static readonly string[] Harmless =
        ["Corrupt JPEG data", "Inconsistent progression sequence", "Invalid SOS parameters", "Unknown Adobe", "Warning:"];

    internal static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <exception cref="ImagingException">The file is damaged, cut short or too large.</exception>
    internal static Bitmap Decode(ReadOnlySpan<byte> file)
    {
        using var handle = new TurboJpegHandle();
        if (handle.IsInvalid)
            throw new ImagingException("the JPEG decoder could not be made.");
        fixed (byte* bytes = file)
        {
            // It also fails where it knows no name for the subsampling, which decoding does not need.
            if (TurboJpeg.tjDecompressHeader3(handle, bytes, (nuint)file.Length, out var width, out var height, out _, out var colours) != 0
                && (width <= 0 || height <= 0 || colours < 0))
                throw new ImagingException($"the JPEG header cannot be read: {Message(handle)}.");
            var bitmap = new Bitmap(width, height);
            try
            {
                var isInk = colours is TurboJpeg.TJCS_CMYK or TurboJpeg.TJCS_YCCK;
                Decode(handle, bytes, file.Length, bitmap, isInk ? TurboJpeg.TJPF_CMYK : TurboJpeg.TJPF_RGBX);
                if (isInk)
                    ToLight(bitmap.Writable);
                return bitmap;
            }
            catch
            {
                bitmap.Dispose();
                throw;
            }
        }
    }

    private static void Decode(TurboJpegHandle handle, byte* bytes, int length, Bitmap bitmap, int format)
    {
        fixed (byte* pixels = bitmap.Writable)
        {
            var status = TurboJpeg.tjDecompress2(
                handle, bytes, (nuint)length, pixels, bitmap.Width, bitmap.Width * Bitmap.PixelBytes, bitmap.Height, format,
                TurboJpeg.TJFLAG_ACCURATEDCT | TurboJpeg.TJFLAG_LIMITSCANS);
            if (status == 0)
                return;
            var message = Message(handle);
            var isWarning = TurboJpeg.tjGetErrorCode(handle) == TurboJpeg.TJERR_WARNING;
            if (!isWarning || !Harmless.Any(start => message.StartsWith(start, StringComparison.Ordinal)))
                throw new ImagingException($"the JPEG data cannot be decoded: {message}.");
        }
    }

    /// <summary>Inks, which files hold inverted (255 is none) as Adobe's programs write them, to red, green and blue.</summary>
    private static void ToLight(Span<byte> pixels)
    {
        for (var pixel = 0; pixel < pixels.Length; pixel += Bitmap.PixelBytes)
        {
            var paper = pixels[pixel + 3];
            for (var colour = pixel; colour < pixel + 3; colour++)
            {
                // Paper less paper * ink / 255, rounded to nearest.
                var product = ((byte)~pixels[colour] * paper) + 128;
                pixels[colour] = (byte)(paper - ((product + (product >> 8)) >> 8));
            }
        }
    }

    private static string Message(TurboJpegHandle handle) =>
        Marshal.PtrToStringUTF8((nint)TurboJpeg.tjGetErrorStr2(handle)) is { Length: > 0 } message
            ? message.TrimEnd('.') : "no reason is given";
}
