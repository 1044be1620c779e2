using Nern.Objectives;

namespace Nern.Tests.Objectives;

/// <summary>Equation 6 as it is written, in float64: pair by pair.</summary>
internal static class ReferenceSmoothness
{
    /// <summary>The sum over the pairs of kernels [filters, channels, size].</summary>
    internal static double Of(double[] weights, int filters, int channels, int size)
    {
        var kernels = weights.Chunk(size).ToArray();
        return Pairs(filters, channels).Sum(pair => Distance(kernels[pair.First], kernels[pair.Second]));
    }

    /// <summary>All neighbours along the filters and along the channels.</summary>
    internal static IEnumerable<(int First, int Second)> Pairs(int filters, int channels) =>
        from f in Enumerable.Range(0, filters)
        from c in Enumerable.Range(0, channels)
        from other in new[] { (Filter: f + 1, Channel: c), (Filter: f, Channel: c + 1) }
        where other.Filter < filters && other.Channel < channels
        select ((f * channels) + c, (other.Filter * channels) + other.Channel);

    private static double Distance(double[] first, double[] second) =>
        first.Length == 1
            ? Math.Abs(first[0] - second[0])
            : 1 - (first.Zip(second, (a, b) => a * b).Sum() / (Norm(first) * Norm(second)));

    private static double Norm(double[] kernel) => Math.Max(Math.Sqrt(kernel.Sum(value => value * value)), SmoothnessLoss.ShortestNorm);
}
