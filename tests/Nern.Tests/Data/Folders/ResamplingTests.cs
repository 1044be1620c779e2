using FsCheck;
using FsCheck.Fluent;
using Nern.Data.Folders;
using Nern.Engine;

namespace Nern.Tests.Data.Folders;

public sealed class ResamplingTests
{
    private static readonly Box Whole = new(0, 0, 53, 38);

    public static TheoryData<int, int[], int, int> Sizes => new()
    {
        { 0, [0, 0, 53, 38], 80, 61 }, { 1, [0, 0, 53, 38], 29, 20 }, { 2, [0, 0, 53, 38], 7, 5 }, { 3, [0, 0, 53, 38], 20, 38 },
        { 4, [0, 0, 53, 38], 53, 38 }, { 5, [5, 3, 21, 30], 16, 16 }, { 6, [40, 10, 11, 4], 16, 16 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pixels_are_those_of_Pillow(int number, int[] part, int width, int height) =>
        Assert.Equal(Fixture.Planes($"resized-{number}.rgb"),
            Resize(new(part[0], part[1], part[2], part[3]), width, height, new(0, 0, width, height)));

    [Fact]
    public void A_window_is_that_part_of_the_whole_result()
    {
        var sizes =
            from width in Gen.Choose(1, 90)
            from height in Gen.Choose(1, 90)
            from left in Gen.Choose(0, width - 1)
            from top in Gen.Choose(0, height - 1)
            from across in Gen.Choose(1, width - left)
            from down in Gen.Choose(1, height - top)
            select (width, height, window: new Box(left, top, across, down));
        Prop.ForAll(sizes.ToArbitrary(), size =>
        {
            var (width, height, window) = size;
            var whole = Resize(Whole, width, height, new(0, 0, width, height));
            var expected =
                from plane in Enumerable.Range(0, 3)
                from y in Enumerable.Range(window.Top, window.Height)
                from x in Enumerable.Range(window.Left, window.Width)
                select whole[(((plane * height) + y) * width) + x];
            return Resize(Whole, width, height, window).SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void The_weights_of_a_pixel_add_up_to_one_whatever_the_sizes()
    {
        var sizes = from source in Gen.Choose(1, 3000) from target in Gen.Choose(1, 500) select (source, target);
        Prop.ForAll(sizes.ToArbitrary(), size =>
        {
            var taps = new Taps(size.source, size.target, 0, size.target);
            for (var i = 0; i < size.target; i++)
            {
                var weights = taps.Weights(i, out var first).ToArray();
                Assert.True(first >= 0 && first + weights.Length <= size.source);
                Assert.InRange(weights.Sum() - (1 << Taps.FractionBits), -weights.Length, weights.Length);
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    private static byte[] Resize(Box part, int width, int height, Box window)
    {
        using var image = Fixture.Noisy();
        var planes = new byte[3 * window.Width * window.Height];
        Resampling.Resize(image, part, width, height, window, planes);
        return planes;
    }
}
