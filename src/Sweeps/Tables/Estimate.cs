using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Nern.Sweeps.Tables;

/// <summary>The mean of some figures and how far it can be trusted.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="HalfWidth">Half the width of its 95 % confidence interval; null for a single figure.</param>
/// <param name="Count">How many figures there are.</param>
internal sealed record Estimate(double Mean, double? HalfWidth, int Count)
{
    private const double UpperTail = 0.975;

    /// <summary>
    /// The estimate of normally distributed figures: mean ± t s / sqrt(n), t from Student's distribution with n - 1 degrees of freedom.
    /// </summary>
    /// <param name="values">The figures.</param>
    /// <returns>Null if there are none.</returns>
    internal static Estimate? Of(IReadOnlyCollection<double> values) => values.Count switch
    {
        0 => null,
        1 => new(values.First(), null, 1),
        var n => new(
            values.Mean(),
            StudentT.InvCDF(location: 0, scale: 1, freedom: n - 1, UpperTail) * values.StandardDeviation() / Math.Sqrt(n),
            n),
    };
}
