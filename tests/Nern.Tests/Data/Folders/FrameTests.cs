using Nern.Data.Folders;

namespace Nern.Tests.Data.Folders;

public sealed class FrameTests
{
    [Theory]
    // Its own size and up to a quarter more: the middle, as it is.
    [InlineData(32, 32, null, "32x32, middle 0 0")]
    [InlineData(33, 32, null, "33x32, middle 0 0")]
    [InlineData(36, 40, null, "36x40, middle 2 4")]
    [InlineData(40, 40, null, "40x40, middle 4 4")]
    // More, or less: the shorter side resized to 256 for 224.
    [InlineData(41, 40, null, "resized to 37x37, middle 2 2")]
    [InlineData(48, 32, null, "resized to 55x37, middle 12 2")]
    [InlineData(31, 32, null, "resized to 37x38, middle 2 3")]
    [InlineData(28, 28, null, "resized to 37x37, middle 2 2")]
    [InlineData(500, 375, null, "resized to 49x37, middle 8 2")]
    // What is asked for, whatever the size.
    [InlineData(32, 32, 32, "resized to 32x32, middle 0 0")]
    [InlineData(32, 32, 37, "resized to 37x37, middle 2 2")]
    [InlineData(64, 32, 32, "resized to 64x32, middle 16 0")]
    public void A_picture_is_resized_only_where_it_has_to_be(int width, int height, int? resize, string expected)
    {
        var frame = Frame.Of(width, height, new(3, 32, 32), resize);

        Assert.Equal((32, 32), (frame.Window.Width, frame.Window.Height));
        Assert.Equal(
            expected, $"{(frame.IsResized ? "resized to " : "")}{frame.Width}x{frame.Height}, middle {frame.Window.Left} {frame.Window.Top}");
    }

    [Fact]
    public void Larger_networks_are_alike() => Assert.Equal(
        [false, false, true, true], new[] { 224, 280, 281, 223 }.Select(side => Frame.Of(side, 250, new(3, 224, 224), null).IsResized));
}
