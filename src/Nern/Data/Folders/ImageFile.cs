using System.Buffers;
using System.Buffers.Binary;
using SkiaSharp;

namespace Nern.Data.Folders;

/// <summary>Image files to pixels, as they are stored: opacity, gamma, profiles and orientation are passed over.</summary>
internal static class ImageFile
{
    private const int ChunkOverhead = 12;

    // Far more than progressive files have; small files can have so many that they take minutes.
    private const int MostScans = 500;

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Decodes a JPEG or PNG file, told apart by their first bytes; any number of threads may do it at once.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <returns>Red, green and blue, whatever the file holds: grey, a palette, inks, opacity (which is dropped) or 16 bits.</returns>
    /// <exception cref="ImagingException">It is neither, or damaged, cut short or too large.</exception>
    /// <exception cref="NernException">There is no decoder on this system.</exception>
    internal static Bitmap Decode(ReadOnlySpan<byte> file)
    {
        SkiaLibrary.Require();
        if (file.StartsWith(JpegStart))
        {
            CheckEnds(file);
            return Decode(file, "JPEG");
        }
        if (!file.StartsWith(PngSignature))
            throw new ImagingException("it should be a JPEG or PNG file, and does not begin like one.");
        var critical = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            return Decode(critical.AsSpan(0, CopyCritical(file, critical)), "PNG");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(critical);
        }
    }

    private static unsafe Bitmap Decode(ReadOnlySpan<byte> file, string kind)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data) ?? throw new ImagingException($"the {kind} header cannot be read.");
            var bitmap = new Bitmap(codec.Info.Width, codec.Info.Height);
            try
            {
                fixed (byte* pixels = bitmap.Writable)
                {
                    // Without a colour space profiles do not count; not multiplied by opacity, colours are those of the file.
                    var format = new SKImageInfo(bitmap.Width, bitmap.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
                    var result = codec.GetPixels(format, (nint)pixels);
                    return result == SKCodecResult.Success ? bitmap
                        : throw new ImagingException($"the {kind} data cannot be decoded: {Reason(result)}.");
                }
            }
            catch
            {
                bitmap.Dispose();
                throw;
            }
        }
    }

    /// <summary>Refuses a JPEG file without its end: the decoder takes one whose last scans are missing for a coarser picture.</summary>
    private static void CheckEnds(ReadOnlySpan<byte> file)
    {
        const byte End = 0xD9, ScanStart = 0xDA, FirstRestart = 0xD0, Start = 0xD8, Escape = 0, Fill = 0xFF, Temporary = 1;
        var rest = file;
        var scans = 0;
        while (rest.IndexOf(byte.MaxValue) is >= 0 and var place && place + 1 < rest.Length)
        {
            var marker = rest[place + 1];
            if (marker == End)
                return;
            rest = rest[(place + (marker == Fill ? 1 : 2))..];
            if (marker is Escape or Fill or Temporary or (>= FirstRestart and <= Start))
                continue;
            // Frames, tables, scans; what applications add; comments. Any other is damage inside a scan, which the decoder passes over.
            if (marker is not ((>= 0xC0 and <= 0xDD) or (>= 0xE0 and <= 0xEF) or 0xFE))
                throw new ImagingException($"the JPEG data cannot be decoded: there is no marker 0x{marker:x2}.");
            if (marker == ScanStart && ++scans > MostScans)
                throw new ImagingException($"a JPEG file may have {MostScans} scans, and this has more.");
            // A segment with its length; what follows that of a scan is searched for the next marker.
            if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && length > rest.Length)
                break;
            rest = rest[length..];
        }
        throw new ImagingException("the JPEG file is cut short.");
    }

    /// <summary>
    /// Leaves away all chunks of a PNG file that are not needed for the pixels as they are stored: gamma and profiles, animations, and
    /// texts and the like, which only take time.
    /// </summary>
    private static int CopyCritical(ReadOnlySpan<byte> file, Span<byte> target)
    {
        PngSignature.CopyTo(target);
        var (read, written) = (PngSignature.Length, PngSignature.Length);
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

    private static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it ends too early",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "it is damaged",
        _ => $"the decoder says {result}",
    };
}
