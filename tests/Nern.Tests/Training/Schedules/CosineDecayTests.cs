using Nern.Training.Schedules;

namespace Nern.Tests.Training.Schedules;

public class CosineDecayTests
{
    [Fact]
    public void The_rate_falls_along_half_a_cosine_and_stays_at_its_end()
    {
        var schedule = new CosineDecay(5e-3f, 1e-6f, 1000);
        Assert.Equal(5e-3f, schedule.At(0));
        Assert.Equal((5e-3f + 1e-6f) / 2, schedule.At(500), 1e-9f);
        Assert.Equal(1e-6f + (5e-3f - 1e-6f) / 2 * (1 + MathF.Sqrt(0.5f)), schedule.At(250), 1e-9f);
        Assert.Equal(1e-6f, schedule.At(1000));
        Assert.Equal(1e-6f, schedule.At(long.MaxValue));
        for (var step = 0; step < 1000; step++)
            Assert.True(schedule.At(step + 1) < schedule.At(step));
    }

    [Fact]
    public void A_warm_up_rises_in_equal_parts_and_the_decay_takes_the_rest()
    {
        var schedule = new CosineDecay(1f, 0f, 110, warmupSteps: 10);
        for (var step = 0; step < 10; step++)
            Assert.Equal((step + 1) / 10f, schedule.At(step), 1e-6f);
        Assert.Equal(1f, schedule.At(10));
        Assert.Equal(0.5f, schedule.At(60), 1e-6f);
        Assert.Equal(0f, schedule.At(110));
    }

    [Theory]
    [InlineData(0f, 0f, 10, 0, "The option Initial must be in (0, infinity), but is 0.")]
    [InlineData(float.NaN, 0f, 10, 0, "The option Initial must be in (0, infinity), but is NaN.")]
    [InlineData(0.5f, 2f, 10, 0, "The option Final must be in [0, 0.5], but is 2.")]
    [InlineData(1f, 0f, 0, 0, "The option Steps must be in [1, infinity), but is 0.")]
    [InlineData(1f, 0f, 10, 10, "The option WarmupSteps must be in [0, 10), but is 10.")]
    public void Values_out_of_range_are_refused_by_name(float initial, float final, long steps, long warmupSteps, string message)
    {
        var error = Assert.Throws<NernException>(() => new CosineDecay(initial, final, steps, warmupSteps));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_step_before_the_first_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineDecay(1f, 0f, 10).At(-1));
}
