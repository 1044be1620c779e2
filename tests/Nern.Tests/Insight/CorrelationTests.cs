using Nern.Insight;

namespace Nern.Tests.Insight;

public class CorrelationTests
{
    // Anscombe's first quartet: r is known to be 0.81642.
    private static readonly double[] X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    private static readonly double[] Y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];

    [Fact]
    public void Pearsons_coefficient_and_interval_are_those_of_a_known_example()
    {
        var correlation = Correlation.Pearson(X, Y);

        Assert.Equal(0.81642052, correlation.Value, 8);
        // R's cor.test gives this interval.
        Assert.Equal(0.4243912, correlation.Low, 6);
        Assert.Equal(0.9506933, correlation.High, 6);
        Assert.Equal(11, correlation.Count);
    }

    [Fact]
    public void Spearman_is_one_for_whatever_only_grows_and_takes_the_mean_of_equal_ranks()
    {
        Assert.Equal(1, Correlation.Spearman(X, [.. X.Select(Math.Exp)]).Value, 12);
        Assert.Equal(-1, Correlation.Spearman(X, [.. X.Select(x => 1 / x)]).Value, 12);
        // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Correlation.Spearman([1, 2, 2, 3], [1, 2, 3, 4]).Value, 12);
    }

    [Fact]
    public void Spearmans_interval_is_bonett_and_wrights()
    {
        var rho = Correlation.Spearman(X, Y);
        var half = 1.959963984540054 * Math.Sqrt((1 + (rho.Value * rho.Value / 2)) / 8);

        Assert.Equal(Math.Tanh(Math.Atanh(rho.Value) - half), rho.Low, 12);
        Assert.Equal(Math.Tanh(Math.Atanh(rho.Value) + half), rho.High, 12);
    }

    [Fact]
    public void Within_groups_nothing_is_compared_with_another_group()
    {
        // Falling within each, while the second lies above the first on both sides.
        double[] x = [1, 2, 3, 4, 101, 102, 103, 104, 5000];
        double[] y = [4, 3, 2, 1, 204, 203, 202, 201, -7];
        string[] groups = ["a", "a", "a", "a", "b", "b", "b", "b", "alone"];

        Assert.Equal(-1, Correlation.SpearmanWithin(x, y, groups).Value, 12);
        Assert.Equal(8, Correlation.SpearmanWithin(x, y, groups).Count);
        Assert.True(Correlation.Spearman(x.AsSpan(0, 8), y.AsSpan(0, 8)).Value > 0.5);
        Assert.Equal(
            Correlation.Spearman(X, Y), Correlation.SpearmanWithin(X, Y, [.. X.Select(_ => 0)]) with { Count = 11 },
            (left, right) => Math.Abs(left.Value - right.Value) + Math.Abs(left.Low - right.Low) < 1e-12);
    }

    [Fact]
    public void Of_points_that_tell_nothing_there_is_none()
    {
        Assert.True(double.IsNaN(Correlation.Pearson([1, 1, 1, 1], [1, 2, 3, 4]).Value));
        Assert.True(double.IsNaN(Correlation.Pearson([1, 2, 3], [1, 2, 4]).Low));
        Assert.True(double.IsNaN(Correlation.Spearman([], []).Value));
        Assert.Throws<ArgumentException>(() => Correlation.Pearson([1], [1, 2]));
    }
}
