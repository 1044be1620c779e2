using Nern.Optimizers.Schedules;

namespace Nern.Tests.Optimizers.Schedules;

public class CosineDecayTests
{
    [Fact]
    public void The_rate_falls_along_half_a_cosine_and_stays_at_its_end()
    {
        var schedule = new CosineDecay(5e-3, 1e-6);
        Assert.Equal(5e-3f, schedule.At(0));
        Assert.Equal((5e-3f + 1e-6f) / 2, schedule.At(0.5), 1e-9f);
        Assert.Equal(1e-6f + ((5e-3f - 1e-6f) / 2 * (1 + MathF.Sqrt(0.5f))), schedule.At(0.25), 1e-9f);
        Assert.Equal(1e-6f, schedule.At(1));
        Assert.Equal(1e-6f, schedule.At(double.MaxValue));
        for (var step = 0; step < 1000; step++)
            Assert.True(schedule.At((step + 1) / 1000.0) < schedule.At(step / 1000.0));
    }

    [Fact]
    public void The_rate_stays_until_it_may_fall()
    {
        var schedule = new CosineDecay(1, 0, 0.6);
        Assert.Equal([1, 1, 1], new[] { 0, 0.3, 0.6 }.Select(schedule.At));
        Assert.Equal(0.5f, schedule.At(0.8), 1e-6f);
        Assert.Equal(0f, schedule.At(1));
        Assert.Equal([1, 1, 0], new[] { 0, 0.999, 1 }.Select(new CosineDecay(1, 0, 1).At));
    }

    [Theory]
    [InlineData(0, 0, 0, "The option Initial takes a number above 0; got 0.")]
    [InlineData(double.NaN, 0, 0, "The option Initial takes a number above 0; got NaN.")]
    [InlineData(0.5, 2, 0, "The option Final takes a number from 0 to 0.5; got 2.")]
    [InlineData(1, 0, 1.5, "The option From takes a number from 0 to 1; got 1.5.")]
    public void Values_out_of_range_are_refused_by_name(double initial, double final, double from, string message)
    {
        var error = Assert.Throws<NernException>(() => new CosineDecay(initial, final, from));
        Assert.Equal(message, error.Message);
    }
}
