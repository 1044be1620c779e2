namespace Nern.Insight;

/// <summary>
/// A coefficient of correlation with an interval that has the true one in 95 of 100 samples, by Fisher's z: atanh(r) is nearly normal. It
/// is
/// not a number where there are too few points, or one side is all the same.
/// </summary>
/// <param name="Value">The coefficient, -1 to 1.</param>
/// <param name="Low">Where the interval begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Count">Points.</param>
public readonly record struct Correlation(double Value, double Low, double High, int Count)
{
    // Of the normal distribution, two-sided.
    private const double Quantile95 = 1.959963984540054;

    /// <summary>Pearson's r: how much of a line the points are.</summary>
    public static Correlation Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(Coefficient(x, y), x.Length, x.Length - 3, 1);

    /// <summary>
    /// Spearman's rho: Pearson's r of the ranks, those of equal values their mean. The interval has the variance of Bonett and Wright
    /// (<i>Psychometrika</i> 65, 2000), (1 + rho² / 2) / (n - 3).
    /// </summary>
    public static Correlation Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        OfRanks(Coefficient(Ranks(x), Ranks(y)), x.Length, 1);

    /// <summary>
    /// Spearman's rho of points that are only compared with those of their own group: ranks are divided by the size of the group, and their
    /// mean in the group is taken off. Each group costs the interval a degree of freedom. A group of one point is left out.
    /// </summary>
    /// <param name="x">One side.</param>
    /// <param name="y">The other.</param>
    /// <param name="groups">For each point the group it is in.</param>
    public static Correlation SpearmanWithin<TGroup>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, IReadOnlyList<TGroup> groups)
    {
        List<double> left = [], right = [];
        var used = 0;
        foreach (var group in groups.Index().GroupBy(point => point.Item, point => point.Index).Select(group => group.ToArray()))
        {
            if (group.Length < 2)
                continue;
            used++;
            left.AddRange(Shares(group, x));
            right.AddRange(Shares(group, y));
        }
        return OfRanks(Coefficient([.. left], [.. right]), left.Count, used);
    }

    private static IEnumerable<double> Shares(int[] group, ReadOnlySpan<double> all)
    {
        var values = new double[group.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = all[group[i]];
        return Ranks(values).Select(rank => (rank - ((group.Length - 1) / 2.0)) / group.Length);
    }

    private static Correlation OfRanks(double rho, int count, int groups) => Of(rho, count, count - groups - 2, 1 + (rho * rho / 2));

    private static Correlation Of(double coefficient, int count, int freedom, double variance)
    {
        if (double.IsNaN(coefficient) || freedom < 1)
            return new(double.NaN, double.NaN, double.NaN, count);
        var half = Quantile95 * Math.Sqrt(variance / freedom);
        var z = Math.Atanh(coefficient);
        return new(coefficient, Math.Tanh(z - half), Math.Tanh(z + half), count);
    }

    private static double Coefficient(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} values cannot be correlated with {y.Length}.", nameof(y));
        var (meanX, meanY) = (Mean(x), Mean(y));
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        // By rounding it may be a little beyond.
        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : double.NaN;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first])
                end++;
            for (var i = first; i < end; i++)
                ranks[order[i]] = (first + end - 1) / 2.0;
            first = end;
        }
        return ranks;
    }
}
