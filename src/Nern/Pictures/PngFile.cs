using System.Buffers.Binary;
using System.IO.Compression;
using Nern.Files;

namespace Nern.Pictures;

/// <summary>Writes pictures as PNG: the chunks IHDR, IDAT and IEND, each row as its difference from the one above.</summary>
public static class PngFile
{
    private const byte FilterUp = 2;

    /// <summary>Writes <paramref name="picture"/>, all of it or nothing.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, Picture picture) => AtomicFile.Write(path, file =>
    {
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        WriteChunk(file, "IHDR"u8, Header(picture));
        WriteChunk(file, "IDAT"u8, Compress(picture));
        WriteChunk(file, "IEND"u8, []);
    });

    private static byte[] Header(Picture picture)
    {
        const byte Bits = 8, Grey = 0, Colour = 2;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        header[8] = Bits;
        header[9] = picture.Channels == 1 ? Grey : Colour;
        return header;
    }

    private static byte[] Compress(Picture picture)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var filtered = new byte[1 + (picture.Width * picture.Channels)];
            filtered[0] = FilterUp;
            for (var y = 0; y < picture.Height; y++)
            {
                var row = picture.Row(y);
                for (var i = 0; i < row.Length; i++)
                    filtered[1 + i] = (byte)(row[i] - (y == 0 ? 0 : picture.Row(y - 1)[i]));
                stream.Write(filtered);
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, new Crc32().With(type).With(data).Value);
        file.Write(word);
    }
}
