using Nern.Kernels;
using Nern.Orderings;

namespace Nern.Pictures;

/// <summary>
/// The kernels of a layer beside what a predictor makes of them: two grids, the original's on the left and the reconstruction's on
/// the right, with a row for each filter, a column for each channel, and the same colours for the same weights.
/// </summary>
public sealed class KernelPicture
{
    // Standard deviations at which colours end: few weights are beyond, and those do not fade the others.
    private const float Range = 3;

    private readonly LearnableLayer _layer;
    private readonly Ordering _order;
    private readonly int _scale;

    /// <summary>Decides what is shown.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="order">Which kernel stands where: at row p / C and column p % C that of position p.</param>
    /// <param name="most">The most filters and the most channels that are shown; at least 1.</param>
    /// <param name="scale">Pixels of the picture for a weight, in both directions; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not positive.</exception>
    /// <exception cref="ArgumentException">The order is one of another layer.</exception>
    public KernelPicture(LearnableLayer layer, Ordering order, int most = 32, int scale = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        if ((order.Filters, order.Channels) != (layer.Filters, layer.Channels))
            throw new ArgumentException(
                $"{layer.Name} has {layer.Filters} x {layer.Channels} kernels; the order is of {order.Filters} x {order.Channels}.",
                nameof(order));
        (_layer, _order, _scale) = (layer, order, scale);
        Filters = Math.Min(most, layer.Filters);
        Channels = Math.Min(most, layer.Channels);
    }

    /// <summary>Filters that are shown: rows.</summary>
    public int Filters { get; }

    /// <summary>Channels that are shown: columns.</summary>
    public int Channels { get; }

    // Kernels are a pixel apart and at the scale of 4 and more a little further, so that each is seen as one.
    private int Gap => 1 + (_scale / 4);

    private int Across => (_layer.KernelWidth * _scale) + Gap;

    private int Down => (_layer.KernelHeight * _scale) + Gap;

    /// <summary>Draws the picture.</summary>
    /// <param name="original">Weights, [filters, channels, height, width] of the layer.</param>
    /// <param name="reconstruction">Weights, of the same shape.</param>
    /// <exception cref="ArgumentException">The weights are not as many as that.</exception>
    /// <exception cref="NernException">The picture would be too large.</exception>
    public Picture Draw(ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction)
    {
        var expected = _layer.Kernels * _layer.KernelSize;
        if (original.Length != expected || reconstruction.Length != expected)
            throw new ArgumentException(
                $"{_layer.Name} has {expected} weights; got {original.Length} of the original and "
                + $"{reconstruction.Length} of the reconstruction.");
        var middle = (4 * Gap) + (2 * _scale);
        var picture = new Picture((2 * Channels * Across) + middle + Gap, (Filters * Down) + Gap);
        var colours = new DivergingColours(LimitOf(original));
        DrawGrid(picture, original, colours, left: Gap);
        DrawGrid(picture, reconstruction, colours, left: (Channels * Across) + middle + Gap);
        return picture;
    }

    /// <summary>Draws one grid of weights.</summary>
    /// <param name="weights">Weights, [filters, channels, height, width] of the layer.</param>
    /// <param name="limit">The absolute value from which on colours no longer change.</param>
    /// <exception cref="ArgumentException">The weights are not as many as that.</exception>
    public Picture DrawGrid(ReadOnlySpan<float> weights, float limit)
    {
        if (weights.Length != _layer.Kernels * _layer.KernelSize)
            throw new ArgumentException($"{_layer.Name} has {_layer.Kernels * _layer.KernelSize} weights; got {weights.Length}.");
        var picture = new Picture((Channels * Across) + Gap, (Filters * Down) + Gap);
        DrawGrid(picture, weights, new DivergingColours(limit), left: Gap);
        return picture;
    }

    /// <summary>The absolute value at which colours end for a layer: three standard deviations of the original's weights around zero.</summary>
    public static float LimitOf(ReadOnlySpan<float> original) => Range * Deviation(original);

    private void DrawGrid(Picture picture, ReadOnlySpan<float> weights, DivergingColours colours, int left)
    {
        Span<byte> colour = stackalloc byte[3];
        for (var row = 0; row < Filters; row++)
            for (var column = 0; column < Channels; column++)
            {
                var kernel = _order.KernelAt[(row * _layer.Channels) + column];
                for (var i = 0; i < _layer.KernelSize; i++)
                {
                    colours.Write(weights[(kernel * _layer.KernelSize) + i], colour);
                    picture.FillSquare(
                        left + (column * Across) + (i % _layer.KernelWidth * _scale),
                        Gap + (row * Down) + (i / _layer.KernelWidth * _scale), _scale, colour);
                }
            }
    }

    /// <summary>Around zero; 1 if all weights are zero.</summary>
    private static float Deviation(ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += (double)weight * weight;
        return sum > 0 ? (float)Math.Sqrt(sum / weights.Length) : 1;
    }
}
