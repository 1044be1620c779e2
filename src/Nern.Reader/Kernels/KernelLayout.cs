namespace Nern.Kernels;

/// <summary>
/// How kernels lie in the predictor's output, [kernels, K x K]: layer by layer in their own order, each in the middle
/// of the K x K values of its row (paper, section 3.1), K x K being the largest kernel of the learnable layers. Kernels that are
/// pooled (<see cref="KernelReading"/>) lie there too once they are. Of those that are read in blocks, as many neighbouring channels of a
/// filter as fit stand in a row, one behind the other from its first value on; a filter's last block may have fewer. Where only one
/// fits, it is in the middle. Whatever has a row of its own, a block too, is called a kernel here and where rows are predicted.
/// What stands in a row is in units of its layer, powers of two, so that layers whose weights differ a hundredfold are asked for on one scale,
/// and may stand there in an order of its own (<see cref="ValueOrders"/>). The mean of a filter's weights may be known better than by its rows
/// (<see cref="Means"/>).
/// </summary>
public sealed class KernelLayout
{
    /// <summary>The largest magnitude of an exponent: units stay far within float32.</summary>
    internal const int LargestExponent = 60;

    private const int LargestKernel = 4096;

    private readonly int[][] _positions;

    // For each layer, for each of its weights, its position in its row.
    private readonly ReadOnlyMemory<int>[]? _ordered;
    private readonly int[] _offsets, _counts, _blocks, _channels;
    private readonly float[] _units;

    /// <summary>Lays out the kernels of <paramref name="layers"/>.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="reading">How kernels smaller than the largest are read.</param>
    /// <param name="exponents">For each layer e of its unit 2^e, within 60 of 0; null where all are 0.</param>
    /// <param name="valueOrders">As <see cref="ValueOrders"/>; not copied.</param>
    /// <param name="means">As <see cref="Means"/>; not copied.</param>
    /// <exception cref="NernException">
    /// There are none, more than can be held, one twice, kernels too large, or units, orders or means that are not as many as there should be or
    /// out of range.
    /// </exception>
    public KernelLayout(
        IReadOnlyList<LearnableLayer> layers, KernelReading reading = KernelReading.Middle, IReadOnlyList<int>? exponents = null,
        IReadOnlyList<ReadOnlyMemory<int>>? valueOrders = null, IReadOnlyList<ReadOnlyMemory<float>>? means = null)
    {
        if (layers.Count == 0)
            throw new NernException("The network has no convolution whose kernels could be represented.");
        if (layers.CountBy(layer => layer.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new NernException($"The layer '{twice}' is named twice.");
        Exponents = exponents ?? new int[layers.Count];
        if (Exponents.Count != layers.Count || Exponents.Any(exponent => exponent is < -LargestExponent or > LargestExponent))
            throw new NernException($"{layers.Count} layers have as many exponents of units, from -{LargestExponent} to {LargestExponent}.");
        _units = [.. Exponents.Select(exponent => MathF.ScaleB(1, exponent))];
        Layers = layers;
        Height = layers.Max(layer => layer.KernelHeight);
        Width = layers.Max(layer => layer.KernelWidth);
        if ((long)Height * Width > LargestKernel)
            throw new NernException($"Kernels may have {LargestKernel} values; the largest here are {Height}x{Width}.");
        _channels = [.. layers.Select(layer => reading == KernelReading.Block
            ? Math.Clamp(layer.Channels, 1, RowSize / Math.Max(1, layer.KernelSize)) : 1)];
        _blocks = [.. layers.Select((layer, l) => ((layer.Channels - 1) / _channels[l]) + 1)];
        Reading = reading == KernelReading.Block && Array.TrueForAll(_channels, channels => channels == 1) ? KernelReading.Middle : reading;
        var kernels = layers.Select((layer, l) => (double)layer.Filters * _blocks[l]).Sum();
        if (kernels * RowSize > Array.MaxLength)
            throw new NernException($"Predictions may have {Array.MaxLength} values; these are {kernels} kernels of {Height}x{Width}.");
        _counts = [.. layers.Select((layer, l) => layer.Filters * _blocks[l])];
        _offsets = new int[layers.Count];
        _positions = new int[layers.Count][];
        var known = new Dictionary<(int, int, int), int[]>();
        for (var l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            _offsets[l] = Kernels;
            Kernels += _counts[l];
            WeightCount += (long)layer.Kernels * layer.KernelSize;
            if (!known.TryGetValue((layer.KernelHeight, layer.KernelWidth, _channels[l]), out _positions[l]!))
                known.Add(
                    (layer.KernelHeight, layer.KernelWidth, _channels[l]),
                    _positions[l] = _channels[l] > 1 ? [.. Enumerable.Range(0, _channels[l] * layer.KernelSize)] : Middle(layer));
        }
        ValueOrders = valueOrders;
        _ordered = valueOrders is null ? null
            : valueOrders.Count == layers.Count ? [.. valueOrders.Select((order, l) => Ordered(l, order))]
            : throw new NernException($"{layers.Count} layers have as many orders of values; got {valueOrders.Count}.");
        if (means is not null && !means.Select(of => of.Length).SequenceEqual(layers.Select(layer => layer.Filters)))
            throw new NernException("Each filter has a mean; those that are given are not as many.");
        Means = means;
    }

    /// <summary>The same with an order of the values of each row.</summary>
    internal KernelLayout With(IReadOnlyList<ReadOnlyMemory<int>> valueOrders) => new(Layers, Reading, Exponents, valueOrders, Means);

    /// <summary>The same with means of filters, [layers][filters], or without.</summary>
    internal KernelLayout WithMeans(IReadOnlyList<ReadOnlyMemory<float>>? means) =>
        means == Means ? this : new(Layers, Reading, Exponents, ValueOrders, means);

    /// <summary>The layers.</summary>
    public IReadOnlyList<LearnableLayer> Layers { get; }

    /// <summary>How kernels smaller than the largest are read; the middle where each block would have but one kernel.</summary>
    public KernelReading Reading { get; }

    /// <summary>For each layer e of its unit 2^e.</summary>
    public IReadOnlyList<int> Exponents { get; }

    /// <summary>
    /// For each layer, for each of its weights in their order, which of the values of its row it is; null where they are in their own order.
    /// In rows that are sorted neighbours in the order of kernels are far more alike, for log2(n!) bits a row of n values.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<int>>? ValueOrders { get; }

    /// <summary>
    /// For each layer the mean of each filter's weights, to which what is predicted of the filter is shifted; null where it is as it is
    /// predicted. What a predictor errs by is much alike from one kernel to the next, so that over a filter, whose inputs are no less alike
    /// (behind a ReLU they are all positive), it adds up to far more than as many errors of their own would.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<float>>? Means { get; }

    /// <summary>Whether a layer has another unit than the weights' own.</summary>
    internal bool HasUnits => Exponents.Any(exponent => exponent != 0);

    /// <summary>For each layer its unit: its weights are the values of its rows times that.</summary>
    internal ReadOnlySpan<float> Units => _units;

    /// <summary>For each layer the row of its first kernel.</summary>
    public IReadOnlyList<int> Offsets => _offsets;

    /// <summary>For each layer its rows: kernels, or blocks of them.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>For each layer the rows of a filter: channels, or blocks of them.</summary>
    public ReadOnlySpan<int> Blocks => _blocks;

    /// <summary>For each layer the channels of a row; the last of a filter may have fewer.</summary>
    public ReadOnlySpan<int> ChannelsOfBlocks => _channels;

    /// <summary>All kernels, a block of small ones counted as one.</summary>
    public int Kernels { get; }

    /// <summary>All weights.</summary>
    public long WeightCount { get; }

    /// <summary>Rows of the largest kernel.</summary>
    public int Height { get; }

    /// <summary>Columns of the largest kernel.</summary>
    public int Width { get; }

    /// <summary>Values of a row.</summary>
    public int RowSize => Height * Width;

    /// <summary>Where in a row the values of a layer's kernels stand, in their order; a filter's last block may have fewer.</summary>
    public ReadOnlySpan<int> Positions(int layer) => _positions[layer];

    /// <summary>Where in its row the values of a kernel, or of a block, stand, in their order. What else is there is padding.</summary>
    public ReadOnlySpan<int> PositionsOf(int kernel)
    {
        var layer = LayerOf(kernel);
        return PositionsOf(layer, kernel - _offsets[layer]);
    }

    /// <summary>The layer a kernel belongs to.</summary>
    public int LayerOf(int kernel)
    {
        var index = _offsets.AsSpan().BinarySearch(kernel);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>Copies a layer's weights, [filters, channels, height, width], out of the rows.</summary>
    public void Read(ReadOnlySpan<float> rows, int layer, Span<float> weights) => ReadRows(RowsOf(rows, layer), layer, 0, weights);

    /// <summary>Copies a layer's weights out of rows that are predicted, with the means that are known of its filters.</summary>
    internal void ReadPredicted(ReadOnlySpan<float> rows, int layer, Span<float> weights)
    {
        Read(rows, layer, weights);
        Centre(layer, weights);
    }

    /// <summary>Shifts each filter of a layer to the mean that is known of it.</summary>
    internal void Centre(int layer, Span<float> weights)
    {
        var size = weights.Length / Layers[layer].Filters;
        for (var filter = 0; filter < Means?[layer].Length; filter++)
            Shift(weights.Slice(filter * size, size), Means[layer].Span[filter]);
    }

    /// <summary>Copies some of a layer's weights out of their rows.</summary>
    /// <param name="rows">Rows of the layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="first">Which row of the layer is the first of them.</param>
    /// <param name="weights">All weights of the layer.</param>
    internal void ReadRows(ReadOnlySpan<float> rows, int layer, int first, Span<float> weights)
    {
        weights = weights[WeightsOf(layer, first).First..];
        var unit = _units[layer];
        if (FillsRows(layer) && _ordered is null)
        {
            for (var i = 0; i < rows.Length; i++)
                weights[i] = unit * rows[i];
            return;
        }
        for (var row = 0; row < rows.Length / RowSize; row++)
        {
            var positions = PositionsOf(layer, first + row);
            for (var i = 0; i < positions.Length; i++)
                weights[i] = unit * rows[(row * RowSize) + positions[i]];
            weights = weights[positions.Length..];
        }
    }

    /// <summary>Copies a layer's weights into the rows; the other values of the rows stay.</summary>
    public void Write(ReadOnlySpan<float> weights, int layer, Span<float> rows) => Write(weights, layer, 1 / _units[layer], rows);

    /// <summary>
    /// Copies a gradient at a layer's weights into the rows, where it is that at their values: where means of filters are known, without its
    /// own mean over each filter, which then changes nothing.
    /// </summary>
    /// <param name="gradient">The gradient; its means are taken off.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">Receives it.</param>
    internal void WriteGradient(Span<float> gradient, int layer, Span<float> rows)
    {
        var size = gradient.Length / Layers[layer].Filters;
        for (var filter = 0; filter < Means?[layer].Length; filter++)
            Shift(gradient.Slice(filter * size, size), mean: 0);
        Write(gradient, layer, _units[layer], rows);
    }

    /// <summary>Shifts values to a mean. Their sum runs in their order, in float64: the same bits everywhere.</summary>
    private static void Shift(Span<float> values, float mean)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var shift = (float)(mean - (sum / values.Length));
        foreach (ref var value in values)
            value += shift;
    }

    private void Write(ReadOnlySpan<float> weights, int layer, float factor, Span<float> rows)
    {
        for (var row = 0; row < _counts[layer]; row++)
        {
            var positions = PositionsOf(layer, row);
            for (var i = 0; i < positions.Length; i++)
                rows[((_offsets[layer] + row) * RowSize) + positions[i]] = factor * weights[i];
            weights = weights[positions.Length..];
        }
    }

    /// <summary>
    /// A layer's weights as [filters, <see cref="Blocks"/>, values], the values in their order, with zeros where a filter's last block ends
    /// early: the same array where they are that.
    /// </summary>
    internal float[] Padded(float[] weights, int layer)
    {
        var size = _positions[layer].Length;
        if (_counts[layer] * size == weights.Length && ValueOrders is null)
            return weights;
        var padded = new float[_counts[layer] * size];
        for (var row = 0; row < _counts[layer]; row++)
        {
            var (first, count) = WeightsOf(layer, row);
            for (var i = 0; i < count; i++)
                padded[(row * size) + (ValueOrders is null ? i : ValueOrders[layer].Span[first + i])] = weights[first + i];
        }
        return padded;
    }

    /// <summary>Whether every value of the rows of a layer is a weight.</summary>
    internal bool FillsRows(int layer) =>
        _positions[layer].Length == RowSize && _blocks[layer] * _channels[layer] == Layers[layer].Channels;

    /// <summary>The rows of a layer among all.</summary>
    internal ReadOnlySpan<float> RowsOf(ReadOnlySpan<float> rows, int layer) =>
        rows.Slice(_offsets[layer] * RowSize, _counts[layer] * RowSize);

    /// <summary>Where the values of a row of a layer stand.</summary>
    internal ReadOnlySpan<int> PositionsOf(int layer, int row)
    {
        var (first, count) = WeightsOf(layer, row);
        return _ordered is null ? _positions[layer].AsSpan(0, count) : _ordered[layer].Span.Slice(first, count);
    }

    /// <summary>Which of a layer's weights a row of it has: the first of them, and how many.</summary>
    internal (int First, int Count) WeightsOf(int layer, int row)
    {
        var (filter, block) = Math.DivRem(row, _blocks[layer]);
        var of = Layers[layer];
        var channel = block * _channels[layer];
        return (((filter * of.Channels) + channel) * of.KernelSize, Math.Min(_channels[layer], of.Channels - channel) * of.KernelSize);
    }

    private ReadOnlyMemory<int> Ordered(int layer, ReadOnlyMemory<int> order)
    {
        var (of, positions) = (Layers[layer], _positions[layer]);
        var places = order.Span;
        if (places.Length != of.Kernels * of.KernelSize)
            throw new NernException($"The order of the values of '{of.Name}' has {places.Length} entries; expected {of.Kernels * of.KernelSize}.");
        Span<bool> seen = new bool[RowSize];
        for (var row = 0; row < _counts[layer]; row++)
        {
            var (first, count) = WeightsOf(layer, row);
            seen.Clear();
            foreach (var place in places.Slice(first, count))
            {
                if ((uint)place >= (uint)count || seen[place])
                    throw new NernException($"The order of the values of '{of.Name}' names each of 0 to {count - 1} of a row once; it does not in row {row}.");
                seen[place] = true;
            }
        }
        // Rows that are full from their first value on have values at their places.
        if (positions.AsSpan().SequenceEqual([.. Enumerable.Range(0, positions.Length)]))
            return order;
        var ordered = new int[places.Length];
        for (var i = 0; i < ordered.Length; i++)
            ordered[i] = positions[places[i]];
        return ordered;
    }

    private int[] Middle(LearnableLayer layer)
    {
        var (top, left) = ((Height - layer.KernelHeight) / 2, (Width - layer.KernelWidth) / 2);
        return [.. Enumerable.Range(0, layer.KernelSize).Select(
            i => ((top + (i / layer.KernelWidth)) * Width) + left + (i % layer.KernelWidth))];
    }
}
