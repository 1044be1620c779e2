using Nern.Compression;
using SharpCompress.Compressors.LZMA;

namespace Nern.Tests.Compression;

public class LzmaTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public void LZMA_gives_back_what_it_was_given(int length)
    {
        var random = new Generator(2);
        byte[] bytes = [.. Enumerable.Range(0, length).Select(_ => (byte)random.NextInt32(20))];

        var compressed = Lzma.Compress(bytes);

        Assert.Equal(length, BitConverter.ToInt64(compressed, 5));
        using var lzma = LzmaStream.Create(
            compressed[..5], new MemoryStream(compressed[13..]), compressed.Length - 13, length, leaveOpen: false);
        var read = new byte[length];
        lzma.ReadExactly(read);
        Assert.Equal(bytes, read);
        Assert.True(length < 1000 || compressed.Length < 0.6 * length);
    }
}
