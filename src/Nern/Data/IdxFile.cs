using System.Buffers.Binary;
using System.IO.Compression;

namespace Nern.Data;

/// <summary>
/// An array of bytes in the format IDX: two zeros, the type of the values (8 is unsigned bytes), the number of dimensions, each of
/// these as 4 bytes with the highest first, then the values, row by row. All of it may be packed with gzip.
/// </summary>
/// <param name="Dimensions">The extents, none below zero.</param>
/// <param name="Values">The values, as many as the extents say.</param>
internal sealed record IdxFile(IReadOnlyList<int> Dimensions, byte[] Values)
{
    private const byte UnsignedByte = 8;

    private static ReadOnlySpan<byte> GzipSignature => [0x1F, 0x8B];

    /// <summary>Reads a file that is in memory.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="rank">The number of dimensions it should have.</param>
    /// <exception cref="NernException">It is damaged, or something else.</exception>
    internal static IdxFile Read(string path, byte[] file, int rank)
    {
        using var plain = new MemoryStream(file, writable: false);
        if (!file.AsSpan().StartsWith(GzipSignature))
            return Read(path, plain, rank);
        try
        {
            using var unpacked = new GZipStream(plain, CompressionMode.Decompress);
            return Read(path, unpacked, rank);
        }
        catch (InvalidDataException exception)
        {
            throw new NernException($"'{path}' cannot be unpacked: {exception.Message}", exception);
        }
    }

    private static IdxFile Read(string path, Stream stream, int rank)
    {
        Span<byte> header = stackalloc byte[4 + (4 * rank)];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < 4 || header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != rank)
            throw new NernException(
                $"'{path}' should be an IDX file of unsigned bytes in {rank} dimension{(rank == 1 ? "" : "s")}, which begins with the bytes 0, 0, "
                + $"{UnsignedByte}, {rank}; it begins with {(read == 0 ? "none" : string.Join(", ", header[..Math.Min(4, read)].ToArray()))}.");
        if (read < header.Length)
            throw new NernException($"'{path}' ends within its header.");
        var dimensions = new int[rank];
        var count = 1L;
        for (var i = 0; i < rank; i++)
        {
            var extent = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * (i + 1))..]);
            count = extent > Array.MaxLength || count * extent > Array.MaxLength
                ? throw new NernException($"'{path}' says it has more than {Array.MaxLength} values, which is more than can be held.")
                : count * extent;
            dimensions[i] = (int)extent;
        }
        return new(dimensions, ReadValues(path, stream, (int)count));
    }

    /// <summary>Reads what is left, which should be <paramref name="count"/> bytes; takes memory only for what is there.</summary>
    private static byte[] ReadValues(string path, Stream stream, int count)
    {
        const int FirstPart = 1 << 20;
        var values = new byte[Math.Min(count, FirstPart)];
        var read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length)
                throw new NernException($"'{path}' should hold {count} values; it ends after {read}.");
            if (read == count)
                break;
            Array.Resize(ref values, (int)Math.Min(count, 2L * read));
        }
        return stream.ReadByte() < 0 ? values : throw new NernException($"'{path}' should hold {count} values; it goes on behind them.");
    }
}
