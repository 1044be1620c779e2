namespace Nern.Data.Folders;

/// <summary>
/// Which pixels of a row or column make each pixel of the resized one, and with what weights: a triangle as wide as two pixels of
/// the result, so that nothing is left out where an image shrinks. Places and weights are Pillow's, rounded as there.
/// </summary>
internal sealed class Taps
{
    /// <summary>Bits behind the point of a weight: with 8 of a pixel and 2 to spare they fill an int.</summary>
    internal const int FractionBits = 22;

    private readonly int[] _weights, _first, _count;
    private readonly int _stride;

    /// <param name="source">Pixels that there are.</param>
    /// <param name="target">Pixels they are resized to.</param>
    /// <param name="start">The first of these that is wanted.</param>
    /// <param name="length">How many are wanted.</param>
    internal Taps(int source, int target, int start, int length)
    {
        var scale = (double)source / target;
        var support = Math.Max(scale, 1);
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        (_weights, _first, _count) = (new int[length * _stride], new int[length], new int[length]);
        Span<double> weights = stackalloc double[_stride <= 256 ? _stride : 0];
        if (weights.IsEmpty)
            weights = new double[_stride];
        for (var i = 0; i < length; i++)
        {
            var centre = (start + i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var count = Math.Min(source, (int)(centre + support + 0.5)) - first;
            var sum = 0.0;
            for (var tap = 0; tap < count; tap++)
                sum += weights[tap] = Math.Max(0, 1 - Math.Abs((tap + first - centre + 0.5) * (1 / support)));
            for (var tap = 0; tap < count; tap++)
                _weights[(i * _stride) + tap] = (int)(0.5 + (weights[tap] / sum * (1 << FractionBits)));
            (_first[i], _count[i]) = (first, count);
        }
    }

    /// <summary>The first pixel that any of the result is made of.</summary>
    internal int Begin => _first[0];

    /// <summary>The one behind the last.</summary>
    internal int End => _first[^1] + _count[^1];

    /// <summary>The pixels that pixel <paramref name="index"/> of those wanted is made of.</summary>
    internal ReadOnlySpan<int> Weights(int index, out int first)
    {
        first = _first[index];
        return _weights.AsSpan(index * _stride, _count[index]);
    }
}
