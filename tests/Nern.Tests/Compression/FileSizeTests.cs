using System.Text.Json;
using Nern.Compression;

namespace Nern.Tests.Compression;

public class FileSizeTests
{
    [Theory]
    [InlineData("60000", 60000, false, 60000)]
    [InlineData("5%", 5, true, 50)]
    [InlineData("0.5%", 0.5, true, 5)]
    public void Bytes_or_percent_are_read(string text, double value, bool isPercent, long bytes)
    {
        Assert.True(FileSize.TryParse(text, out var size));
        Assert.Equal(new(value, isPercent), size);
        Assert.Equal(bytes, size.In(1000));
        Assert.Equal(text, size.ToString());
        Assert.Equal(size, JsonSerializer.Deserialize<FileSize>(JsonSerializer.Serialize(size)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("0")]
    [InlineData("0%")]
    [InlineData("-5")]
    [InlineData("5 %")]
    [InlineData("1e5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("5%%")]
    [InlineData("60k")]
    public void Anything_else_is_refused(string text) => Assert.False(FileSize.TryParse(text, out _));
}
