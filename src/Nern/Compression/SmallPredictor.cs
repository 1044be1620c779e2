using Nern.Fitting;
using Nern.Networks;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Compression;

/// <summary>The predictor for which a small file of some size has room.</summary>
public static class SmallPredictor
{
    // What a parameter was compressed to without loss (docs/compression.md).
    private const double BitsOfParameter = 5;

    // What is not predicted is mostly factors and biases, rounded too.
    private const double BytesOfOther = 1;

    // Hidden sizes of whole vectors.
    private const int Granularity = 4;

    /// <summary>
    /// <paramref name="options"/> without an ordering, which costs more bytes than it saves, and with the largest hidden size whose parameters, at five
    /// bits, fit into <paramref name="bytes"/>.
    /// </summary>
    /// <param name="options">What the predictor is otherwise.</param>
    /// <param name="network">The network.</param>
    /// <param name="bytes">The size of the file.</param>
    /// <exception cref="NernException">No predictor is small enough.</exception>
    public static PredictorOptions Within(PredictorOptions options, Network network, long bytes)
    {
        var layers = options.Layers.Of(network.Graph);
        var predicted = layers.Select(layer => layer.Weight).ToHashSet();
        var room = bytes - (BytesOfOther * network.Tensors
            .Where(tensor => tensor.Value.Type != ElementType.Int64 && !predicted.Contains(tensor.Key)).Sum(tensor => (double)tensor.Value.Count));
        var shape = (options with { Hidden = Granularity }).CreateDesign(options.Layout(layers), seed: 0).Shape;
        var fits = 0;
        while ((fits + 1) * Granularity <= PredictorShape.LargestHidden && Bits((fits + 1) * Granularity) <= 8 * room)
            fits++;
        return fits > 0
            ? options with { Hidden = fits * Granularity, Ordering = OrderingKind.None }
            : throw new NernException($"A file of {bytes} bytes has no room for a predictor of this network.");

        double Bits(int hidden) =>
            BitsOfParameter * ((hidden * (shape.Inputs + 1.0)) + ((shape.Depth - 2) * hidden * (hidden + 1.0)) + (shape.Outputs * (hidden + 1.0)));
    }
}
