using System.Buffers.Binary;
using Nern.Data.Folders;
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
    public void A_saved_picture_has_its_pixels_and_no_more_channels_than_it_needs(int width, int height, int channels)
    {
        var picture = new Picture(width, height, channels);
        for (var y = 0; y < height; y++)
            new Random(y).NextBytes(picture.Row(y));
        PngFile.Save(_folder.File("picture.png"), picture);

        var file = File.ReadAllBytes(_folder.File("picture.png"));
        var header = file.AsSpan(16);
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..])));
        Assert.Equal([8, (byte)(channels == 1 ? 0 : 2)], header[8..10].ToArray());
        using var bitmap = ImageFile.Decode(file);
        for (var i = 0; i < 3 * width * height; i++)
        {
            var (pixel, colour) = (i / 3, i % 3);
            var value = picture.Row(pixel / width)[(pixel % width * channels) + (channels == 1 ? 0 : colour)];
            Assert.Equal(value, bitmap.Pixels[(pixel * Bitmap.PixelBytes) + colour]);
        }
    }

    [Fact]
    public void A_picture_that_no_file_can_hold_is_named() => Assert.Contains(
        "2000000 x 1", Assert.Throws<NernException>(() => PngFile.Save(_folder.File("wide.png"), new Picture(2_000_000, 1))).Message);

    [Fact]
    public void A_place_that_cannot_be_written_is_named() => Assert.Contains(
        "does not exist", Assert.Throws<NernException>(() => PngFile.Save(_folder.File("gone/picture.png"), new Picture(1, 1))).Message);
}
