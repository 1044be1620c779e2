using Nern.Data.Folders;

namespace Nern.Tests.Data.Folders;

public sealed class BitmapTests
{
    private static readonly byte[] Planes = [.. Enumerable.Range(1, 36).Select(i => (byte)i)];

    [Fact]
    public void Planes_become_pixels_and_grey_all_three_colours()
    {
        using var colour = Bitmap.Of(Planes, width: 4, height: 3);
        using var grey = Bitmap.Of(Planes.AsSpan(0, 12), width: 4, height: 3);

        Assert.Equal([1, 13, 25], colour.Pixels[..3].ToArray());
        Assert.Equal([12, 24, 36], colour.Pixels.Slice(44, 3).ToArray());
        Assert.Equal([6, 6, 6], grey.Pixels.Slice(20, 3).ToArray());
        Assert.Throws<ArgumentException>(() => Bitmap.Of(Planes, width: 5, height: 3));
    }

    [Fact]
    public void A_window_moves_in_every_direction_and_is_black_outside()
    {
        using var image = Bitmap.Of(Planes, width: 4, height: 3);
        for (var down = -4; down <= 4; down++)
            for (var right = -5; right <= 5; right++)
            {
                using var window = image.Window(right, down);
                for (var y = 0; y < 3; y++)
                    for (var x = 0; x < 4; x++)
                    {
                        var inside = x + right is >= 0 and < 4 && y + down is >= 0 and < 3;
                        Assert.Equal(inside ? Planes[((y + down) * 4) + x + right] : 0, window.Pixels[((y * 4) + x) * Bitmap.PixelBytes]);
                    }
            }
    }
}
