using Nern.Kernels;
using Nern.Orderings;
using Nern.Pictures;

namespace Nern.Tests.Pictures;

public class KernelPictureTests
{
    private static readonly LearnableLayer Layer = new("conv", Filters: 2, Channels: 3, KernelHeight: 1, KernelWidth: 2);

    // [filters, channels, 1, 2]
    private static readonly float[] Weights = [9, -9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void Original_reconstruction_and_difference_stand_side_by_side_in_the_same_colours()
    {
        var kernels = new KernelPicture(Layer, Ordering.None(2, 3), scale: 1);
        var (same, other) = (kernels.Draw(Weights, Weights), kernels.Draw(Weights, new float[Weights.Length]));

        // A kernel is 2 x 1 pixels and a pixel from the next.
        Assert.True(IsRed(Pixel(same, kernels, 0, 0)) && IsBlue(Pixel(same, kernels, 0, 1)));
        Assert.Equal(Pixel(same, kernels, 0, 0), Pixel(same, kernels, 1, 0));
        Assert.True(IsWhite(Pixel(same, kernels, 2, 0)) && IsWhite(Pixel(same, kernels, 2, 1)));
        Assert.True(IsRed(Pixel(other, kernels, 0, 0)) && IsWhite(Pixel(other, kernels, 1, 0)));
        // What is given minus what was to be given.
        Assert.True(IsBlue(Pixel(other, kernels, 2, 0)) && IsRed(Pixel(other, kernels, 2, 1)));
        for (var panel = 0; panel < 3; panel++)
            Assert.All(Enumerable.Range(2, 7), x => Assert.True(IsWhite(Pixel(same, kernels, panel, x))));
    }

    [Fact]
    public void Above_the_panels_are_titles_and_below_them_the_scale()
    {
        var kernels = new KernelPicture(Layer, Ordering.None(2, 3), scale: 1);
        var picture = kernels.Draw(Weights, Weights);

        for (var panel = 0; panel < 3; panel++)
            Assert.True(HasInk(kernels.LeftOf(panel), KernelPicture.Top - 20, 40, 18), $"title {panel}");
        Assert.True(HasInk(0, 0, picture.Width, PictureText.Height), "title");
        var colours = Enumerable.Range(0, picture.Width)
            .Select(x => (picture.Row(kernels.Bottom + 20)[3 * x], picture.Row(kernels.Bottom + 20)[(3 * x) + 2])).ToList();
        Assert.True(colours.FindIndex(colour => colour.Item2 > colour.Item1 + 50) is >= 0 and var blue
            && colours.FindLastIndex(colour => colour.Item1 > colour.Item2 + 50) > blue + 50);

        bool HasInk(int left, int top, int width, int height) => Enumerable.Range(top, height).Any(
            y => Enumerable.Range(left, width).Any(x => picture.Row(y)[3 * x] < 128));
    }

    [Fact]
    public void A_title_that_fits_no_panel_widens_the_picture_and_letters_that_are_not_known_do_no_harm()
    {
        var wide = Layer with { Name = new string('W', 90) + "\u6f22\0" };

        Assert.InRange(new KernelPicture(wide, Ordering.None(2, 3), scale: 1).Draw(Weights, Weights).Width, 900, 3000);
    }

    [Fact]
    public void Kernels_stand_where_the_predictor_meets_them()
    {
        var kernels = new KernelPicture(Layer, Ordering.CrossFilter(2, 3, [5, 4, 3, 2, 1, 0]), scale: 1);
        var picture = kernels.Draw(Weights, Weights);

        Assert.True(IsWhite(Pixel(picture, kernels, 0, 0)));
        Assert.True(IsRed(Pixel(picture, kernels, 0, 6, row: 2)));
    }

    [Fact]
    public void A_large_layer_is_cut()
    {
        var kernels = new KernelPicture(Layer, Ordering.None(2, 3), most: 1, scale: 1);

        Assert.Equal((1, 1), (kernels.Filters, kernels.Channels));
        Assert.True(IsWhite(Pixel(kernels.Draw(Weights, Weights), kernels, 0, 3)));
        Assert.Equal((4, 3), (kernels.DrawGrid(Weights, 1).Width, kernels.DrawGrid(Weights, 1).Height));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new KernelPicture(Layer, Ordering.None(3, 2)));
        Assert.Contains("12 weights; got 12", Assert.Throws<ArgumentException>(
            () => new KernelPicture(Layer, Ordering.None(2, 3)).Draw(Weights, new float[11])).Message);
    }

    [Fact]
    public void Weights_that_are_zero_or_no_numbers_have_colours_too()
    {
        var zeros = new float[Weights.Length];
        var kernels = new KernelPicture(Layer, Ordering.None(2, 3), scale: 1);
        Assert.True(IsWhite(Pixel(kernels.Draw(zeros, zeros), kernels, 0, 0)));

        Span<byte> colour = stackalloc byte[3];
        new DivergingColours(1).Write(float.NaN, colour);
        Assert.Equal([128, 128, 128], colour.ToArray());
    }

    private static bool IsRed((byte Red, byte Green, byte Blue) pixel) => pixel.Red > pixel.Blue;

    private static bool IsBlue((byte Red, byte Green, byte Blue) pixel) => pixel.Blue > pixel.Red;

    private static bool IsWhite((byte Red, byte Green, byte Blue) pixel) => pixel == (255, 255, 255);

    /// <summary>A pixel of a panel.</summary>
    private static (byte Red, byte Green, byte Blue) Pixel(Picture picture, KernelPicture kernels, int panel, int column, int row = 0)
    {
        var pixels = picture.Row(KernelPicture.Top + row);
        var x = 3 * (kernels.LeftOf(panel) + column);
        return (pixels[x], pixels[x + 1], pixels[x + 2]);
    }
}
