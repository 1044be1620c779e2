namespace Nern.Predictor;

/// <summary>
/// Sine and cosine of an angle, the same bits on every processor and system, which those of the framework need not be: nothing but IEEE 754's
/// products, sums and one fused step each, in a fixed order.
/// </summary>
internal static class SineAndCosine
{
    // pi / 2 as a double, and what is missing of it.
    private const double Quarter = 1.5707963267948966, Rest = 6.123233995736766e-17;

    // Of the series of both, from the last term on: within an eighth of a turn of 0 what is left out is below 5e-17.
    private static readonly double[] SineTerms =
        [-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6];

    private static readonly double[] CosineTerms =
        [1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24];

    // Beyond this whole quarters of a turn are no longer told apart.
    private const double LargestAngle = 4503599627370496;

    /// <summary>
    /// Both, within 1e-15 for angles up to 1e9; of an angle beyond 2^52, which a double holds only to a turn, they are of some angle.
    /// </summary>
    internal static (double Sine, double Cosine) Of(double angle)
    {
        var quarters = Math.Round(angle / Quarter);
        var x = Math.FusedMultiplyAdd(-quarters, Rest, Math.FusedMultiplyAdd(-quarters, Quarter, angle));
        if (!(Math.Abs(angle) <= LargestAngle))
            (quarters, x) = (0, 0);
        var (sine, cosine) = (Sine(x), Cosine(x));
        return ((long)quarters & 3) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    private static double Sine(double x) => x + (x * x * x * Sum(x * x, SineTerms));

    private static double Cosine(double x) => 1 - ((x * x / 2) - (x * x * x * x * Sum(x * x, CosineTerms)));

    private static double Sum(double y, ReadOnlySpan<double> terms)
    {
        var sum = 0.0;
        foreach (var term in terms)
            sum = (sum * y) + term;
        return sum;
    }
}
