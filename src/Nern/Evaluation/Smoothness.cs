using Nern.Kernels;
using Nern.Networks;
using Nern.Objectives;
using Nern.Orderings;
using Nern.Paths;
using Nern.Tensors;

namespace Nern.Evaluation;

/// <summary>
/// How alike the neighbouring kernels of a convolution are (paper, equation 6), as its grid [filters, channels] stands or as the
/// predictor meets it in some order. Distances are cosine distances, or differences where kernels are 1 x 1.
/// </summary>
/// <param name="Layer">The convolution, or what else the kernels are of.</param>
/// <param name="Kernels">How many there are.</param>
/// <param name="Pairs">Neighbours along the filters and along the channels.</param>
/// <param name="Sum">Their distances, summed; not a number where a weight is none.</param>
public sealed record Smoothness(string Layer, long Kernels, long Pairs, double Sum)
{
    /// <summary>The distance of a pair, which layers can be compared by; 0 where there are no pairs.</summary>
    public double Mean => Pairs == 0 ? 0 : Sum / Pairs;

    /// <summary>The smoothness of convolutions of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Some of its convolutions.</param>
    /// <param name="kind">The order to put each layer's kernels in.</param>
    /// <param name="progress">Hears the part done so far, 0 to 1.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static IReadOnlyList<Smoothness> OfLayers(
        Network network, IReadOnlyList<LearnableLayer> layers, OrderingKind kind,
        IProgress<double>? progress = null, CancellationToken cancellation = default) => Of(
        [.. layers.Select(layer => new KernelGrid(layer.Name, layer.Filters, layer.Channels, network.Values(layer.Weight)))],
        kind, progress, cancellation);

    /// <summary>
    /// The smoothness of tensors of which nothing else is known: of all that look like a convolution's weights, floating-point
    /// numbers [filters, channels, k, k].
    /// </summary>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="kind">The order to put each layer's kernels in.</param>
    /// <param name="progress">Hears the part done so far, 0 to 1.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static IReadOnlyList<Smoothness> OfTensors(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, OrderingKind kind,
        IProgress<double>? progress = null, CancellationToken cancellation = default) => Of(
        [.. tensors.Where(tensor => IsConvolution(tensor.Value)).Select(tensor => new KernelGrid(
            tensor.Key.EndsWith(WeightSuffix, StringComparison.Ordinal) ? tensor.Key[..^WeightSuffix.Length] : tensor.Key,
            tensor.Value.Shape[0], tensor.Value.Shape[1], tensor.Value.ToFloats()))],
        kind, progress, cancellation);

    /// <summary>All layers together.</summary>
    public static Smoothness Total(IReadOnlyList<Smoothness> layers) =>
        new("all", layers.Sum(layer => layer.Kernels), layers.Sum(layer => layer.Pairs), layers.Sum(layer => layer.Sum));

    private const string WeightSuffix = ".weight";

    private static bool IsConvolution(Tensor tensor) =>
        tensor is
        {
            Type: ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16,
            Shape: [_, _, var height, var width],
            Count: > 0,
        }
        && height == width;

    private static IReadOnlyList<Smoothness> Of(
        IReadOnlyList<KernelGrid> grids, OrderingKind kind, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Weights that are no numbers have no order; they stay where they are, and their sum is no number either.
        var orderable = grids.Where(grid => Array.TrueForAll(grid.Weights, float.IsFinite)).ToList();
        var orderings = OrderingBuilder.BuildAll(
            kind, [.. orderable.Select(grid => new OrderingInput(grid.Weights, grid.Filters, grid.Channels, grid.KernelSize))], progress,
            cancellation);
        for (var i = 0; i < orderable.Count; i++)
            orderable[i].Reorder(orderings[i].KernelAt);
        return
        [
            .. grids.Select(grid => new Smoothness(
                grid.Name, grid.Filters * grid.Channels, SmoothnessLoss.Pairs(grid.Filters, grid.Channels),
                SmoothnessLoss.Of(grid.Weights, grid.Filters, grid.Channels, grid.KernelSize))),
        ];
    }

    /// <summary>The kernels of a layer, [filters, channels, kernelSize].</summary>
    private sealed record KernelGrid(string Name, int Filters, int Channels, float[] Weights)
    {
        internal int KernelSize => Weights.Length / (Filters * Channels);

        /// <summary>Puts at each position the kernel that is to stand there.</summary>
        internal void Reorder(ReadOnlySpan<int> kernelAt)
        {
            var (before, size) = ((float[])Weights.Clone(), KernelSize);
            for (var p = 0; p < kernelAt.Length; p++)
                before.AsSpan(kernelAt[p] * size, size).CopyTo(Weights.AsSpan(p * size));
        }
    }
}
