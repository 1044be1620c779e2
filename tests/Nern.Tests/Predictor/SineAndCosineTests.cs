using FsCheck;
using FsCheck.Fluent;
using Nern.Predictor;

namespace Nern.Tests.Predictor;

public class SineAndCosineTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(Math.PI / 6, 0.5, 0.8660254037844386)]
    [InlineData(-Math.PI / 2, -1, 0)]
    [InlineData(Math.PI, 0, -1)]
    public void They_are_the_known_values(double angle, double sine, double cosine)
    {
        var found = SineAndCosine.Of(angle);

        Assert.Equal(sine, found.Sine, 1e-15);
        Assert.Equal(cosine, found.Cosine, 1e-15);
    }

    [Fact]
    public void They_are_the_frameworks_within_its_rounding() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>().Generator.Zip(Gen.Choose(-60, 26)).ToArbitrary(), drawn =>
        {
            var angle = drawn.Item1 / 1e3 * Math.ScaleB(1, drawn.Item2 - 20);
            var (sine, cosine) = SineAndCosine.Of(angle);
            Assert.Equal(Math.Sin(angle), sine, 3e-16);
            Assert.Equal(Math.Cos(angle), cosine, 3e-16);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1e15)]
    [InlineData(-4.4e15)]
    public void Large_angles_keep_what_their_double_says(double angle)
    {
        Assert.Equal(Math.Sin(angle), SineAndCosine.Of(angle).Sine, 1e-15);
        Assert.Equal(Math.Cos(angle), SineAndCosine.Of(angle).Cosine, 1e-15);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-1e17)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void What_is_beyond_any_angle_gives_numbers_all_the_same(double angle)
    {
        var (sine, cosine) = SineAndCosine.Of(angle);

        Assert.Equal(1, (sine * sine) + (cosine * cosine), 1e-12);
    }

    [Fact]
    public void The_bits_are_those_of_any_machine()
    {
        // A sum of all bits of many values; to be the same wherever this test runs.
        var sum = 0ul;
        for (var i = 0; i < 10000; i++)
        {
            var (sine, cosine) = SineAndCosine.Of((i - 3000) * 0.37);
            sum = (sum * 31) + BitConverter.DoubleToUInt64Bits(sine) + (BitConverter.DoubleToUInt64Bits(cosine) << 1);
        }

        Assert.Equal(13203940850450321243UL, sum);
    }
}
