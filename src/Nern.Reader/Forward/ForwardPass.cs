using Nern.Predictor;

namespace Nern.Forward;

/// <summary>
/// The predictor asked for every kernel: what a representation gives is defined by it (docs/formats.md, "The predictor's sums"). Each sum
/// runs in the order of its index in fused steps, vectors lie along outputs, and nothing depends on the processor, its vectors or its
/// threads: the same bits everywhere.
/// </summary>
internal static class ForwardPass
{
    /// <summary>All kernels of a predictor.</summary>
    /// <param name="design">The predictor.</param>
    /// <param name="parameters">Its parameters, as <see cref="PredictorDesign.Shape"/> lays them out.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <returns>For each layer its weights, [filters, channels, height, width].</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static float[][] PredictAll(PredictorDesign design, ReadOnlyMemory<float> parameters, CancellationToken cancellation = default)
    {
        var weights = PredictShare(design, parameters, 0, 1, cancellation);
        for (var l = 0; l < weights.Length; l++)
            design.Layout.Centre(l, weights[l]);
        return weights;
    }

    /// <summary>
    /// Part <paramref name="part"/> of <paramref name="parts"/> of all kernels, before filters are shifted to means that are known of them; the
    /// others' weights are 0.
    /// </summary>
    internal static float[][] PredictShare(
        PredictorDesign design, ReadOnlyMemory<float> parameters, int part, int parts, CancellationToken cancellation = default) =>
        SixteenLanes.IsSupported ? PredictAll<SixteenLanes>(design, parameters, cancellation, part, parts)
        : EightLanes.IsSupported ? PredictAll<EightLanes>(design, parameters, cancellation, part, parts)
        : PredictAll<FourLanes>(design, parameters, cancellation, part, parts);

    /// <summary>The same with lanes of a kind.</summary>
    internal static float[][] PredictAll<T>(
        PredictorDesign design, ReadOnlyMemory<float> parameters, CancellationToken cancellation, int part = 0, int parts = 1)
        where T : struct, ILanes<T>
    {
        var (layout, predictor) = (design.Layout, new PackedPredictor<T>(design, parameters.Span));
        var weights = layout.Layers.Select(layer => new float[layer.Kernels * layer.KernelSize]).ToArray();
        var tiles = new List<(int Layer, int First)>();
        var tile = 0;
        for (var l = 0; l < weights.Length; l++)
            for (var first = 0; first < layout.Counts[l]; first += PackedPredictor<T>.TileRows)
                if (tile++ % parts == part)
                    tiles.Add((l, first));
        Parallel.ForEach(
            tiles, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Buffers: predictor.CreateTile(), Rows: new float[PackedPredictor<T>.TileRows * layout.RowSize]),
            (own, _, mine) =>
            {
                var count = Math.Min(PackedPredictor<T>.TileRows, layout.Counts[own.Layer] - own.First);
                var rows = mine.Rows.AsSpan(0, count * layout.RowSize);
                predictor.Run(mine.Buffers, layout.Offsets[own.Layer] + own.First, count, rows);
                layout.ReadRows(rows, own.Layer, own.First, weights[own.Layer]);
                return mine;
            },
            _ => { });
        return weights;
    }
}
