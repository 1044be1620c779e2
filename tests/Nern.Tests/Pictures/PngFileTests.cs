using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Nern.Pictures;

namespace Nern.Tests.Pictures;

public sealed class PngFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(6, 9, 3)]
    public void Save_writes_chunks_that_give_the_pixels_back(int width, int height, int channels)
    {
        var picture = new Picture(width, height, channels);
        for (var y = 0; y < height; y++)
            new Random(y).NextBytes(picture.Row(y));
        PngFile.Save(_folder.File("picture.png"), picture);

        var file = File.ReadAllBytes(_folder.File("picture.png"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], file[..8]);
        var chunks = Chunks(file[8..]);
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        var header = chunks[0].Data;
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))));
        Assert.Equal([8, (byte)(channels == 1 ? 0 : 2), 0, 0, 0], header[8..]);
        Assert.Equal(Enumerable.Range(0, height).SelectMany(y => picture.Row(y).ToArray()), Unfilter(chunks[1].Data, width * channels));
    }

    [Fact]
    public void The_end_of_every_file_has_the_check_sum_that_the_specification_prints()
    {
        PngFile.Save(_folder.File("picture.png"), new Picture(2, 2));

        Assert.Equal(
            [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82],
            File.ReadAllBytes(_folder.File("picture.png"))[^12..]);
    }

    [Fact]
    public void A_check_sum_is_the_known_one_in_any_parts()
    {
        Assert.Equal(0xCBF43926u, default(Crc32).With("123456789"u8).Value);
        Assert.Equal(0xCBF43926u, default(Crc32).With("1234"u8).With([]).With("56789"u8).Value);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named() => Assert.Contains(
        "does not exist", Assert.Throws<NernException>(() => PngFile.Save(_folder.File("gone/picture.png"), new Picture(1, 1))).Message);

    private static List<(string Type, byte[] Data)> Chunks(byte[] bytes)
    {
        var chunks = new List<(string, byte[])>();
        for (var start = 0; start < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start));
            var content = bytes.AsSpan(start + 4, 4 + length);
            Assert.Equal(default(Crc32).With(content).Value, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(start + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(content[..4]), content[4..].ToArray()));
            start += 12 + length;
        }
        return chunks;
    }

    private static byte[] Unfilter(byte[] data, int rowBytes)
    {
        using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        var rows = plain.ToArray().Chunk(1 + rowBytes).ToArray();
        Assert.All(rows, row => Assert.Equal((2, 1 + rowBytes), (row[0], row.Length)));
        for (var y = 1; y < rows.Length; y++)
            for (var i = 1; i < rows[y].Length; i++)
                rows[y][i] += rows[y - 1][i];
        return [.. rows.SelectMany(row => row[1..])];
    }
}
