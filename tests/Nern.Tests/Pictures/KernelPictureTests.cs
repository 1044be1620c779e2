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
    public void Original_and_reconstruction_stand_side_by_side_in_the_same_colours()
    {
        var zeros = new float[Weights.Length];
        var picture = new KernelPicture(Layer, Ordering.None(2, 3), scale: 1).Draw(Weights, Weights);
        var other = new KernelPicture(Layer, Ordering.None(2, 3), scale: 1).Draw(Weights, zeros);

        // A kernel is 2 x 1 pixels and a pixel from the next; the grids are 6 pixels apart.
        Assert.Equal((25, 5), (picture.Width, picture.Height));
        Assert.True(IsRed(picture, 1, 1) && IsBlue(picture, 2, 1));
        Assert.True(IsRed(picture, 16, 1) && IsBlue(picture, 17, 1));
        Assert.True(IsRed(other, 1, 1) && IsWhite(other, 16, 1));
        Assert.All(Enumerable.Range(3, 12), x => Assert.True(IsWhite(picture, x, 1)));
    }

    [Fact]
    public void Kernels_stand_where_the_predictor_meets_them()
    {
        var order = Ordering.CrossFilter(2, 3, [5, 4, 3, 2, 1, 0]);
        var picture = new KernelPicture(Layer, order, scale: 1).Draw(Weights, Weights);

        Assert.True(IsWhite(picture, 1, 1));
        Assert.True(IsRed(picture, 7, 3));
    }

    [Fact]
    public void A_large_layer_is_cut()
    {
        var kernels = new KernelPicture(Layer, Ordering.None(2, 3), most: 1, scale: 1);

        Assert.Equal((1, 1), (kernels.Filters, kernels.Channels));
        Assert.Equal((13, 3), (kernels.Draw(Weights, Weights).Width, kernels.Draw(Weights, Weights).Height));
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
        Assert.True(IsWhite(new KernelPicture(Layer, Ordering.None(2, 3), scale: 1).Draw(zeros, zeros), 1, 1));

        Span<byte> colour = stackalloc byte[3];
        new DivergingColours(1).Write(float.NaN, colour);
        Assert.Equal([128, 128, 128], colour.ToArray());
    }

    private static bool IsRed(Picture picture, int x, int y) => Pixel(picture, x, y) is var (r, _, b) && r > b;

    private static bool IsBlue(Picture picture, int x, int y) => Pixel(picture, x, y) is var (r, _, b) && b > r;

    private static bool IsWhite(Picture picture, int x, int y) => Pixel(picture, x, y) == (255, 255, 255);

    private static (byte Red, byte Green, byte Blue) Pixel(Picture picture, int x, int y) =>
        (picture.Row(y)[3 * x], picture.Row(y)[(3 * x) + 1], picture.Row(y)[(3 * x) + 2]);
}
