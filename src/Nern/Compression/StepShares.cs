namespace Nern.Compression;

/// <summary>
/// How large the steps of layers are beside one another. A step s costs a layer of n weights about -n log2 s bits, and the answers D s²,
/// where D is measured by rounding it alone; so the sum of all D s² is least at so many bits where each s is in proportion to √(n / D)
/// (Shoham and Gersho, <i>Efficient bit allocation for an arbitrary set of quantizers</i>, 1988).
/// </summary>
internal static class StepShares
{
    // What was measured at one step says little of one that is many times as large.
    private const double Least = 0.25, Most = 2;

    /// <summary>The shares of layers, 1 where nothing is rounded, with a mean over the weights of 1 where logarithms are averaged.</summary>
    /// <param name="weights">The weights of each layer that are rounded.</param>
    /// <param name="divergence">How far the answers are from what they were with one layer rounded, all of them in steps of the same share.</param>
    internal static double[] Of(IReadOnlyList<int> weights, Func<int, double> divergence)
    {
        var logarithms = new double[weights.Count];
        for (var layer = 0; layer < weights.Count; layer++)
            if (weights[layer] > 0)
                logarithms[layer] = 0.5 * Math.Log(weights[layer] / Math.Max(divergence(layer), 1e-9));
        var mean = logarithms.Select((logarithm, layer) => weights[layer] * logarithm).Sum() / Math.Max(1, weights.Sum(count => (long)count));
        return [.. logarithms.Select((logarithm, layer) => weights[layer] > 0 ? Math.Clamp(Math.Exp(logarithm - mean), Least, Most) : 1)];
    }
}
