using System.Numerics.Tensors;

namespace Nern.Kernels;

/// <summary>
/// How kernels lie in the predictor's output, [kernels, K x K]: layer by layer in their own order, each in the middle
/// of the K x K values of its row (paper, section 3.1), K x K being the largest kernel of the learnable layers. Kernels that are
/// pooled (<see cref="KernelReading"/>) lie there too once they are.
/// </summary>
public sealed class KernelLayout
{
    private const int LargestKernel = 4096;

    private readonly int[][] _positions;

    /// <summary>Lays out the kernels of <paramref name="layers"/>.</summary>
    /// <exception cref="NernException">There are none, more than can be held, one twice, or kernels too large.</exception>
    public KernelLayout(IReadOnlyList<LearnableLayer> layers)
    {
        if (layers.Count == 0)
            throw new NernException("The network has no convolution whose kernels could be represented.");
        if (layers.CountBy(layer => layer.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new NernException($"The layer '{twice}' is named twice.");
        Layers = layers;
        Height = layers.Max(layer => layer.KernelHeight);
        Width = layers.Max(layer => layer.KernelWidth);
        if ((long)Height * Width > LargestKernel)
            throw new NernException($"Kernels may have {LargestKernel} values; the largest here are {Height}x{Width}.");
        var kernels = layers.Sum(layer => (double)layer.Filters * layer.Channels);
        if (kernels * RowSize > Array.MaxLength)
            throw new NernException($"Predictions may have {Array.MaxLength} values; these are {kernels} kernels of {Height}x{Width}.");
        Offsets = new int[layers.Count];
        _positions = new int[layers.Count][];
        var known = new Dictionary<(int, int), int[]>();
        for (var l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            ((int[])Offsets)[l] = Kernels;
            Kernels += layer.Kernels;
            WeightCount += (long)layer.Kernels * layer.KernelSize;
            if (!known.TryGetValue((layer.KernelHeight, layer.KernelWidth), out _positions[l]!))
                known.Add((layer.KernelHeight, layer.KernelWidth), _positions[l] = Middle(layer));
        }
    }

    /// <summary>The layers.</summary>
    public IReadOnlyList<LearnableLayer> Layers { get; }

    /// <summary>For each layer the row of its first kernel.</summary>
    public IReadOnlyList<int> Offsets { get; }

    /// <summary>All kernels.</summary>
    public int Kernels { get; }

    /// <summary>All weights.</summary>
    public long WeightCount { get; }

    /// <summary>Rows of the largest kernel.</summary>
    public int Height { get; }

    /// <summary>Columns of the largest kernel.</summary>
    public int Width { get; }

    /// <summary>Values of a row.</summary>
    public int RowSize => Height * Width;

    /// <summary>Where in a row the values of a layer's kernels stand, in their order.</summary>
    public ReadOnlySpan<int> Positions(int layer) => _positions[layer];

    /// <summary>The layer a kernel belongs to.</summary>
    public int LayerOf(int kernel)
    {
        var index = ((int[])Offsets).AsSpan().BinarySearch(kernel);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>Copies a layer's weights, [filters, channels, height, width], out of the rows.</summary>
    public void Read(ReadOnlySpan<float> rows, int layer, Span<float> weights)
    {
        var source = RowsOf(rows, layer);
        var positions = _positions[layer];
        if (positions.Length == RowSize)
        {
            source.CopyTo(weights);
            return;
        }
        for (var kernel = 0; kernel < Layers[layer].Kernels; kernel++)
            for (var i = 0; i < positions.Length; i++)
                weights[(kernel * positions.Length) + i] = source[(kernel * RowSize) + positions[i]];
    }

    /// <summary>Copies a layer's weights into the rows; the other values of the rows stay.</summary>
    public void Write(ReadOnlySpan<float> weights, int layer, Span<float> rows)
    {
        var positions = _positions[layer];
        for (var kernel = 0; kernel < Layers[layer].Kernels; kernel++)
            for (var i = 0; i < positions.Length; i++)
                rows[((Offsets[layer] + kernel) * RowSize) + positions[i]] = weights[(kernel * positions.Length) + i];
    }

    /// <summary>The squared distance of a layer's weights in two sets of rows.</summary>
    public double SquaredDistance(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int layer)
    {
        var a = RowsOf(first, layer);
        var b = RowsOf(second, layer);
        var positions = _positions[layer];
        var sum = 0.0;
        if (positions.Length == RowSize)
        {
            // Chunks keep the float32 sums short.
            for (var start = 0; start < a.Length; start += 4096)
            {
                var count = Math.Min(4096, a.Length - start);
                var distance = TensorPrimitives.Distance(a.Slice(start, count), b.Slice(start, count));
                sum += (double)distance * distance;
            }
            return sum;
        }
        for (var row = 0; row < a.Length; row += RowSize)
            foreach (var position in positions)
            {
                var difference = (double)a[row + position] - b[row + position];
                sum += difference * difference;
            }
        return sum;
    }

    /// <summary>The squared distance of all weights in two sets of rows.</summary>
    public double SquaredDistance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = 0.0;
        for (var layer = 0; layer < Layers.Count; layer++)
            sum += SquaredDistance(first, second, layer);
        return sum;
    }

    private ReadOnlySpan<float> RowsOf(ReadOnlySpan<float> rows, int layer) =>
        rows.Slice(Offsets[layer] * RowSize, Layers[layer].Kernels * RowSize);

    private int[] Middle(LearnableLayer layer)
    {
        var (top, left) = ((Height - layer.KernelHeight) / 2, (Width - layer.KernelWidth) / 2);
        return [.. Enumerable.Range(0, layer.KernelSize).Select(
            i => ((top + (i / layer.KernelWidth)) * Width) + left + (i % layer.KernelWidth))];
    }
}
