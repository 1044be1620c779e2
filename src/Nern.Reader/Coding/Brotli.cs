using System.IO.Compression;

namespace Nern.Coding;

/// <summary>Brotli (RFC 7932), at its smallest.</summary>
internal static class Brotli
{
    /// <summary>Compresses bytes.</summary>
    internal static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, compressed, out var length, quality: 11, window: 24)
            ? compressed[..length] : throw new InvalidOperationException("Brotli has no room for what it compresses.");
    }
}
