namespace Nern.Compression;

/// <summary>
/// How large the steps of matrices are beside one another. A step s costs a matrix of n weights about -n log2 s bits, and the answers D s²,
/// where D is measured by rounding it alone; so the sum of all D s² is least at so many bits where each s is in proportion to √(n / D)
/// (Shoham and Gersho, <i>Efficient bit allocation for an arbitrary set of quantizers</i>, 1988).
/// </summary>
internal static class StepShares
{
    // What was measured at one step says little of one that is many times as large.
    private const double Least = 0.25, Most = 2;

    /// <summary>The shares of matrices, 1 where nothing is rounded, with a mean over the weights of 1 where logarithms are averaged.</summary>
    /// <param name="weights">The weights of each matrix that are rounded.</param>
    /// <param name="divergence">How far the answers are from what they were with one matrix rounded, all of them in steps of the same share.</param>
    internal static double[] Of(IReadOnlyList<int> weights, Func<int, double> divergence)
    {
        var logarithms = new double[weights.Count];
        for (var matrix = 0; matrix < weights.Count; matrix++)
            if (weights[matrix] > 0)
                logarithms[matrix] = 0.5 * Math.Log(weights[matrix] / Math.Max(divergence(matrix), 1e-9));
        var mean = logarithms.Select((logarithm, matrix) => weights[matrix] * logarithm).Sum() / Math.Max(1, weights.Sum(count => (long)count));
        return [.. logarithms.Select((logarithm, matrix) => weights[matrix] > 0 ? Math.Clamp(Math.Exp(logarithm - mean), Least, Most) : 1)];
    }
}
