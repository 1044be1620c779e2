using Nern.Kernels;
using Nern.Orderings;

namespace Nern.Pictures;

/// <summary>
/// The kernels of a layer beside what a predictor makes of them and what is between both: three grids below their titles, with a row for
/// each
/// filter, a column for each channel, and the same colours for the same weights, which the scale below them tells.
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
        var difference = new float[expected];
        for (var i = 0; i < difference.Length; i++)
            difference[i] = reconstruction[i] - original[i];
        var limit = LimitOf(original);
        var picture = new Picture(
            Math.Max(LeftOf(Titles.Length) - Between, PictureText.WidthOf(Title) + Margin) + Margin,
            Bottom + Between + ScaleHeight + Margin);
        PictureText.Write(picture, Title, Margin, Margin / 2);
        var colours = new DivergingColours(limit);
        for (var panel = 0; panel < Titles.Length; panel++)
        {
            PictureText.Write(picture, Titles[panel], LeftOf(panel), Top - PictureText.Height - 2);
            DrawGrid(picture, panel switch { 0 => original, 1 => reconstruction, _ => difference }, colours, LeftOf(panel), Top);
        }
        DrawScale(picture, limit);
        return picture;
    }

    // Of the panels.
    private static readonly string[] Titles = ["original", "reconstruction", "difference"];

    private const int Margin = 10, Between = 16, ScaleHeight = 12, LongestScale = 200;

    private string Title => $"{_layer.Name}: {Part(Filters, _layer.Filters)} filters down, {Part(Channels, _layer.Channels)} "
        + $"channels across";

    /// <summary>The first row of the panels.</summary>
    internal static int Top => (Margin / 2) + (2 * PictureText.Height) + 8;

    /// <summary>The row behind the panels.</summary>
    internal int Bottom => Top + (Filters * Down);

    /// <summary>The first column of a panel.</summary>
    internal int LeftOf(int panel) =>
        Margin + (panel * (Math.Max(Channels * Across, Titles.Max(PictureText.WidthOf)) + Between));

    private static string Part(int shown, int all) => shown == all ? $"{all}" : $"{shown} of {all}";

    /// <summary>The colours from the lowest weight to the highest, with both numbers.</summary>
    private void DrawScale(Picture picture, float limit)
    {
        var (low, high) = ($"−{Figures.Small(limit)} ", $" +{Figures.Small(limit)}");
        var top = Bottom + Between;
        var left = Margin + PictureText.WidthOf(low);
        var length = Math.Max(1, Math.Min(LongestScale, picture.Width - left - PictureText.WidthOf(high) - Margin));
        PictureText.Write(picture, low, Margin, top - 3);
        PictureText.Write(picture, high, left + length, top - 3);
        var colours = new DivergingColours(1);
        Span<byte> colour = stackalloc byte[3];
        for (var column = 0; column < length; column++)
        {
            colours.Write(length == 1 ? 0 : (2f * column / (length - 1)) - 1, colour);
            for (var row = 0; row < ScaleHeight; row++)
                picture.FillSquare(left + column, top + row, 1, colour);
        }
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
        DrawGrid(picture, weights, new DivergingColours(limit), left: Gap, top: Gap);
        return picture;
    }

    /// <summary>
    /// The absolute value at which colours end for a layer: three standard deviations of the original's weights around zero.
    /// </summary>
    public static float LimitOf(ReadOnlySpan<float> original) => Range * Deviation(original);

    private void DrawGrid(Picture picture, ReadOnlySpan<float> weights, DivergingColours colours, int left, int top)
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
                        top + (row * Down) + (i / _layer.KernelWidth * _scale), _scale, colour);
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
