using Nern.Optimizers.Schedules;

namespace Nern.Tests.Optimizers.Schedules;

public class StepDecayTests
{
    [Fact]
    public void The_rate_falls_at_each_milestone()
    {
        var schedule = new StepDecay(1, [0.5, 0.75], 0.1);
        Assert.Equal([1, 1, 0.1f, 0.1f, 0.01f, 0.01f],
            new[] { 0, 0.499, 0.5, 0.749, 0.75, 1 }.Select(position => MathF.Round(schedule.At(position), 6)));
        Assert.Equal(1, new StepDecay(1, [], 0.1).At(1));
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<NernException>(() => new StepDecay(0, [], 0.1));
        Assert.Throws<NernException>(() => new StepDecay(1, [1.5], 0.1));
        Assert.Throws<NernException>(() => new StepDecay(1, [0.5], 0));
    }
}
