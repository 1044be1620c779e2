using Nern.Sweeps.Tables;

namespace Nern.Sweeps.Tests.Tables;

public class EstimateTests
{
    [Fact]
    public void The_interval_is_that_of_the_t_distribution()
    {
        // Mean 2, s = 1, n = 3: t(0.975; 2) = 4.30265, so 4.30265 / sqrt(3) = 2.48414.
        var estimate = Estimate.Of([1, 2, 3])!;

        Assert.Equal((2, 3), (estimate.Mean, estimate.Count));
        Assert.Equal(2.48414, estimate.HalfWidth!.Value, 4);
        // t(0.975; 1) = 12.7062, s = sqrt(0.5): 12.7062 * 0.707107 / sqrt(2) = 6.3531.
        Assert.Equal(6.3531, Estimate.Of([90, 91])!.HalfWidth!.Value, 3);
    }

    [Fact]
    public void A_single_figure_has_no_interval() => Assert.Equal(new Estimate(5, null, 1), Estimate.Of([5]));

    [Fact]
    public void Nothing_has_no_estimate() => Assert.Null(Estimate.Of([]));

    [Fact]
    public void Equal_figures_have_an_interval_of_no_width() => Assert.Equal(0, Estimate.Of([7, 7, 7])!.HalfWidth!.Value, 12);
}
