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

    // With less there is next to nothing left of a predictor.
    private const double FewestBits = 1;

    // What is not predicted is mostly factors and biases, rounded too.
    private const double BytesOfOther = 1;

    // Hidden sizes of whole vectors.
    private const int Granularity = 4;

    /// <summary>
    /// <paramref name="options"/> without an order of kernels or of their values, which costs more bytes than it saves, and without means of filters, and with the largest hidden
    /// size whose parameters, at five bits, fit into <paramref name="bytes"/>.
    /// </summary>
    /// <param name="options">What the predictor is otherwise.</param>
    /// <param name="network">The network.</param>
    /// <param name="bytes">The size of the file.</param>
    /// <exception cref="NernException">No predictor is small enough.</exception>
    public static PredictorOptions Within(PredictorOptions options, Network network, long bytes)
    {
        var (shape, room) = (Shape(options with { Hidden = Granularity }, network), Room(options, network, bytes));
        var fits = 0;
        while ((fits + 1) * Granularity <= PredictorShape.LargestHidden && Bits((fits + 1) * Granularity) <= room)
            fits++;
        return fits > 0
            ? options with
            {
                Hidden = fits * Granularity,
                Ordering = OrderingKind.None,
                ValueOrder = ValueOrder.None,
                FilterMeans = FilterMeans.Predicted,
            }
            : throw new NernException($"A file of {bytes} bytes has no room for a predictor of this network.");

        double Bits(int hidden) =>
            BitsOfParameter * ((hidden * (shape.Inputs + 1.0)) + ((shape.Depth - 2) * hidden * (hidden + 1.0)) + (shape.Outputs * (hidden + 1.0)));
    }

    /// <summary>Makes sure that a predictor of a size that was asked for, or is given, is none that cannot fit.</summary>
    /// <param name="options">What the predictor is.</param>
    /// <param name="network">The network.</param>
    /// <param name="bytes">The size of the file.</param>
    /// <exception cref="NernException">Its parameters would have less than a bit each.</exception>
    internal static void Check(PredictorOptions options, Network network, long bytes)
    {
        var parameters = Shape(options, network).ParameterCount;
        var layout = options.Layout(options.Layers.Of(network.Graph));
        var orderings = layout.Layers.Select((layer, l) => options.Ordering switch
        {
            OrderingKind.CrossFilter => Permutation(layout.Counts[l]),
            OrderingKind.InFilter => Permutation(layer.Filters) + (layer.Filters * Permutation(layout.Blocks[l])),
            OrderingKind.Axes => Permutation(layer.Filters) + Permutation(layout.Blocks[l]),
            _ => 0,
        }).Sum();
        if (options.ValuesOrdered == ValueOrder.Sorted)
            orderings += layout.Layers.Select((layer, l) => layer.Filters
                * Enumerable.Range(0, layout.Blocks[l]).Sum(row => Permutation(layout.WeightsOf(l, row).Count))).Sum();
        var what = "orderings";
        if (options.MeansFrom == FilterMeans.Stored)
        {
            what = "orderings and means";
            orderings += 32.0 * layout.Layers.Sum(layer => layer.Filters);
        }
        if (Room(options, network, bytes) - orderings < FewestBits * parameters)
            throw new NernException(
                $"A file of {bytes} bytes has no room for a predictor of hidden size {options.Hidden}: its {parameters} parameters would "
                + $"have less than a bit each beside{(orderings > 0 ? $" {(long)orderings / 8} bytes of {what} and" : "")} what is not "
                + "predicted.");
    }

    private static PredictorShape Shape(PredictorOptions options, Network network) =>
        options.CreateDesign(options.Layout(options.Layers.Of(network.Graph)), seed: 0).Shape;

    /// <summary>The bits that are left of a file beside what is not predicted.</summary>
    private static double Room(PredictorOptions options, Network network, long bytes)
    {
        var predicted = options.Layers.Of(network.Graph).Select(layer => layer.Weight).ToHashSet();
        var others = network.Tensors.Where(tensor => tensor.Value.Type != ElementType.Int64 && !predicted.Contains(tensor.Key));
        return 8 * (bytes - (BytesOfOther * others.Sum(tensor => (double)tensor.Value.Count)));
    }

    /// <summary>The bits that tell one order of so many from the others.</summary>
    private static double Permutation(int count)
    {
        var bits = 0.0;
        for (var i = 2; i <= count; i++)
            bits += Math.Log2(i);
        return bits;
    }
}
