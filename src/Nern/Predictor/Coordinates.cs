using Nern.Kernels;
using Nern.Orderings;

namespace Nern.Predictor;

/// <summary>
/// The coordinates (layer, filter, channel) of all kernels, numbered layer by layer, filter by filter, channel by channel.
/// Many kernels share a value on an axis, so each axis is a short list of distinct values and every kernel holds one index
/// into each: what the factored first layer of the predictor needs.
/// </summary>
public sealed class Coordinates
{
    /// <summary>The axes of a coordinate.</summary>
    public const int Axes = 3;

    private readonly double[][] _values = new double[Axes][];
    private readonly int[][] _indices = new int[Axes][];

    /// <summary>Lays out the kernels of <paramref name="layers"/>.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="orderings">For each layer the order in which the predictor meets its kernels.</param>
    /// <param name="normalization">What indices are divided by.</param>
    public Coordinates(IReadOnlyList<LearnableLayer> layers, IReadOnlyList<Ordering> orderings, CoordinateNormalization normalization)
    {
        if (layers.Count != orderings.Count)
            throw new ArgumentException($"{layers.Count} layers need as many orderings; got {orderings.Count}.", nameof(orderings));
        Count = layers.Sum(layer => layer.Kernels);
        double largest = layers.Max(layer => Math.Max(layers.Count, Math.Max(layer.Filters, layer.Channels)));
        double Scaled(int index, int extent) => normalization switch
        {
            CoordinateNormalization.Local => index / (double)extent,
            CoordinateNormalization.Global => index / largest,
            _ => index,
        };
        var known = new Dictionary<double, int>[Axes];
        for (var axis = 0; axis < Axes; axis++)
        {
            known[axis] = [];
            _indices[axis] = new int[Count];
        }
        var offset = 0;
        for (var l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            var kernelAt = orderings[l].KernelAt;
            for (var position = 0; position < layer.Kernels; position++)
            {
                var kernel = offset + kernelAt[position];
                Set(0, kernel, Scaled(l, layers.Count));
                Set(1, kernel, Scaled(position / layer.Channels, layer.Filters));
                Set(2, kernel, Scaled(position % layer.Channels, layer.Channels));
            }
            offset += layer.Kernels;
        }
        for (var axis = 0; axis < Axes; axis++)
            _values[axis] = [.. known[axis].Keys];

        void Set(int axis, int kernel, double value)
        {
            if (!known[axis].TryGetValue(value, out var index))
                known[axis].Add(value, index = known[axis].Count);
            _indices[axis][kernel] = index;
        }
    }

    /// <summary>The number of kernels.</summary>
    public int Count { get; }

    /// <summary>The distinct values on an axis (0 layer, 1 filter, 2 channel).</summary>
    public ReadOnlySpan<double> Values(int axis) => _values[axis];

    /// <summary>For each kernel the index of its value on an axis.</summary>
    public ReadOnlySpan<int> Indices(int axis) => _indices[axis];
}

/// <summary>What coordinates are divided by before they are embedded (paper, section 3.1).</summary>
public enum CoordinateNormalization
{
    /// <summary>Each by its own extent: (l / L, f / F_l, c / C_l).</summary>
    Local,
    /// <summary>All by the largest extent of any layer.</summary>
    Global,
    /// <summary>Nothing: the bare indices.</summary>
    None,
}
