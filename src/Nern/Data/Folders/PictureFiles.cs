using System.Buffers;
using System.Collections.Concurrent;
using Nern.Files;

namespace Nern.Data.Folders;

/// <summary>
/// Opens image files, from any thread. Decoded pictures are kept as long as there is room, so that a small set is decoded once; of
/// a large one the first so many are. What cannot be read is remembered.
/// </summary>
internal sealed class PictureFiles
{
    // A file of the largest picture, hardly compressed.
    private const int LargestFile = 256 << 20;

    // About 1400 pictures of ImageNet; on small machines an eighth of the memory.
    private readonly long _room = Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
    private readonly ConcurrentDictionary<string, Bitmap> _kept = new();
    private readonly ConcurrentDictionary<string, string> _unreadable = new();
    private long _used;

    /// <summary>What could not be read so far: each file and why, in order.</summary>
    internal IReadOnlyList<string> Unreadable =>
        [.. _unreadable.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"'{file.Key}': {file.Value}")];

    /// <summary>Opens a file; null where it cannot be read.</summary>
    internal Bitmap? TryOpen(string path)
    {
        if (_kept.TryGetValue(path, out var kept))
            return kept;
        if (_unreadable.ContainsKey(path))
            return null;
        try
        {
            var bitmap = Decode(path);
            Keep(path, bitmap);
            return bitmap;
        }
        catch (Exception e) when (e is ImagingException || FileFailure.Is(e))
        {
            _unreadable.TryAdd(path, e.Message);
            return null;
        }
    }

    private void Keep(string path, Bitmap bitmap)
    {
        if (Interlocked.Add(ref _used, bitmap.ByteCount) <= _room && _kept.TryAdd(path, bitmap.Copy()))
            return;
        Interlocked.Add(ref _used, -bitmap.ByteCount);
    }

    private static Bitmap Decode(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (length > LargestFile)
            throw new ImagingException($"an image file may have {LargestFile} bytes; this has {length}.");
        var bytes = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var read = 0;
            while (read < length && RandomAccess.Read(file, bytes.AsSpan(read, (int)length - read), read) is > 0 and var more)
                read += more;
            return ImageFile.Decode(bytes.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

/// <summary>Grey of a colour as Pillow's mode L has it, and so torchvision: ITU-R 601, in 16 bits behind the point, rounded.</summary>
internal static class Luma
{
    internal static byte Of(byte red, byte green, byte blue) => (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
}
