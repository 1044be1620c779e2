using FsCheck;
using FsCheck.Fluent;
using Nern.Fitting;

namespace Nern.Tests.Fitting;

public sealed class RiseTests
{
    [Fact]
    public void A_loss_that_falls_stays_or_only_varies_does_not_rise() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var (random, rise) = (new Random(seed), new Rise());
            var (scale, fall) = (Math.Exp(10 * (random.NextDouble() - 0.5)), random.Next(2) / 1000.0);
            for (var step = 0; step < 3000; step++)
                Assert.False(rise.Add(scale * Math.Exp(-fall * step) * (0.5 + random.NextDouble())), $"{seed} at {step}");
            Assert.Equal(3000, rise.Steps);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_loss_that_triples_rises_within_a_hundred_steps_and_its_state_is_not_a_good_one()
    {
        var rise = new Rise();
        for (var step = 0; step < 200; step++)
            Assert.False(rise.Add(1));
        Assert.True(rise.IsLow);

        var after = 0;
        while (!rise.Add(3))
            Assert.InRange(++after, 1, 100);

        Assert.False(rise.IsLow);
        Assert.Equal(1, rise.Lowest!.Value, 1e-12);
    }

    [Fact]
    public void The_first_ten_steps_tell_nothing()
    {
        var rise = new Rise();
        for (var step = 1; step < 10; step++)
            Assert.False(rise.Add(Math.Exp(step)));
        Assert.Null(rise.Lowest);
        Assert.True(rise.IsLow);
    }

    [Fact]
    public void A_loss_that_explodes_in_the_first_fifty_rises_at_once()
    {
        var rise = new Rise();
        for (var step = 0; step < 20; step++)
            Assert.False(rise.Add(1));

        Assert.False(rise.Add(100));
        Assert.True(rise.Add(1000));
    }

    [Fact]
    public void What_the_first_fifty_steps_tell_is_forgotten_after_them()
    {
        var rise = new Rise();
        for (var step = 1; step < 50; step++)
            Assert.False(rise.Add(step < 20 ? 1 : 8));
        for (var step = 0; step < 1000; step++)
            Assert.False(rise.Add(8));
    }
}
