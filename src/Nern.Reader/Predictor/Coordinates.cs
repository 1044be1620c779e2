using Nern.Kernels;
using Nern.Orderings;

namespace Nern.Predictor;

/// <summary>
/// The coordinates (layer, filter, channel) of all kernels, numbered layer by layer, filter by filter, channel by channel. Of blocks of
/// small kernels (<see cref="KernelReading.Block"/>) the channel is the block's place in its filter.
/// Many kernels share a value on an axis, so each axis is a short list of distinct values and every kernel holds one index
/// into each: what the factored first layer of the predictor needs.
/// </summary>
public sealed class Coordinates
{
    /// <summary>The axes of a coordinate.</summary>
    public const int Axes = 3;

    private readonly double[][] _values = new double[Axes][];
    private readonly int[][] _indices = new int[Axes][];

    /// <summary>Numbers kernels that are met in the order of <paramref name="orderings"/>.</summary>
    /// <param name="orderings">For each layer the order in which the predictor meets its kernels.</param>
    /// <param name="normalization">What indices are divided by.</param>
    public Coordinates(IReadOnlyList<Ordering> orderings, CoordinateNormalization normalization)
    {
        Count = orderings.Sum(layer => layer.Filters * layer.Channels);
        double largest = orderings.Max(layer => Math.Max(orderings.Count, Math.Max(layer.Filters, layer.Channels)));
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
        for (var l = 0; l < orderings.Count; l++)
        {
            var layer = orderings[l];
            var kernelAt = layer.KernelAt;
            for (var position = 0; position < kernelAt.Length; position++)
            {
                var kernel = offset + kernelAt[position];
                Set(0, kernel, Scaled(l, orderings.Count));
                Set(1, kernel, Scaled(position / layer.Channels, layer.Filters));
                Set(2, kernel, Scaled(position % layer.Channels, layer.Channels));
            }
            offset += kernelAt.Length;
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
