using System.Collections.Concurrent;
using Nern.Orderings;

namespace Nern.Paths;

/// <summary>
/// Finds orders that make a layer smooth (paper, section 3.3): greedy nearest-neighbour paths that start at index 0. The distance
/// is 1 - a.b / (|a| |b|), with a zero kernel at distance 1 from everything, or the Euclidean one when kernels are 1 x 1.
/// Among equally near candidates the lowest index comes first, so that every order is exactly defined.
/// </summary>
internal static class OrderingBuilder
{
    /// <summary>Orders one layer.</summary>
    /// <param name="kind">Which order.</param>
    /// <param name="layer">The kernels.</param>
    /// <param name="progress">Hears the part done so far, 0 to 1.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static Ordering Build(
        OrderingKind kind, OrderingInput layer, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Build(kind, layer, new PathProgress(layer.Kernels, progress, cancellation));

    /// <summary>Orders several layers on all cores, the largest first.</summary>
    /// <param name="kind">Which order.</param>
    /// <param name="layers">The kernels of each layer.</param>
    /// <param name="progress">Hears the part done so far, 0 to 1.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <returns>The orders, as the layers stand.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static Ordering[] BuildAll(
        OrderingKind kind, IReadOnlyList<OrderingInput> layers, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var orderings = new Ordering[layers.Count];
        var shared = new PathProgress(layers.Sum(layer => (long)layer.Kernels), progress, cancellation);
        var largestFirst = Enumerable.Range(0, layers.Count).OrderByDescending(i => layers[i].Kernels);
        // Without buffering each core takes one layer at a time, and the order of the list is kept.
        Parallel.ForEach(
            Partitioner.Create(largestFirst, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => orderings[i] = Build(kind, layers[i], shared));
        return orderings;
    }

    private static Ordering Build(OrderingKind kind, OrderingInput layer, PathProgress progress) => kind switch
    {
        OrderingKind.None => Ordering.None(layer.Filters, layer.Channels),
        OrderingKind.InFilter => InFilter(layer, progress),
        OrderingKind.CrossFilter => CrossFilter(layer, progress),
        OrderingKind.Axes => Axes(layer, progress),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Ordering CrossFilter(OrderingInput layer, PathProgress progress)
    {
        var weights = layer.Weights.Span;
        int[] path;
        if (layer.KernelSize == 1)
        {
            path = LinePath.Find(weights);
            progress.Advance(layer.Kernels);
        }
        else
        {
            path = TreePath.Find(UnitVectors.From(weights, layer.KernelSize), layer.KernelSize, progress);
        }
        return Ordering.CrossFilter(layer.Filters, layer.Channels, path);
    }

    private static Ordering InFilter(OrderingInput layer, PathProgress progress)
    {
        var (channels, size) = (layer.Channels, layer.KernelSize);
        var filterSize = channels * size;
        var weights = layer.Weights.Span;
        var channelPaths = new int[layer.Kernels];
        var permuted = new float[weights.Length];
        for (var f = 0; f < layer.Filters; f++)
        {
            var filter = weights.Slice(f * filterSize, filterSize);
            var path = size == 1
                ? LinePath.Find(filter)
                : ExhaustivePath.Find(UnitVectors.From(filter, size), size, PathMetric.Cosine);
            path.CopyTo(channelPaths, f * channels);
            for (var c = 0; c < channels; c++)
                filter.Slice(path[c] * size, size).CopyTo(permuted.AsSpan((f * filterSize) + (c * size)));
            progress.Advance(channels);
        }
        return Ordering.InFilter(layer.Filters, channels, WholePath(permuted, filterSize, size), channelPaths);
    }

    private static Ordering Axes(OrderingInput layer, PathProgress progress)
    {
        var (filters, channels, size) = (layer.Filters, layer.Channels, layer.KernelSize);
        var weights = layer.Weights.Span;
        // The same kernels channel by channel.
        var turned = new float[weights.Length];
        for (var f = 0; f < filters; f++)
            for (var c = 0; c < channels; c++)
                weights.Slice(((f * channels) + c) * size, size).CopyTo(turned.AsSpan(((c * filters) + f) * size));
        var ordering = Ordering.Axes(
            filters, channels, WholePath(weights, channels * size, size), WholePath(turned, filters * size, size));
        progress.Advance(layer.Kernels);
        return ordering;
    }

    /// <summary>A path through whole filters, or channels, of so many values.</summary>
    private static int[] WholePath(ReadOnlySpan<float> weights, int length, int kernelSize) => kernelSize == 1
        ? ExhaustivePath.Find(weights, length, PathMetric.Euclidean)
        : ExhaustivePath.Find(UnitVectors.From(weights, length), length, PathMetric.Cosine);
}
