namespace Nern.Compression;

/// <summary>
/// The bits that an integer takes, by how often each magnitude occurs in its matrix: -log2 P(|q|), and one more for the sign. What an
/// adaptive coder takes is a little less. Between integers it is linear, so that it has a slope everywhere.
/// </summary>
internal sealed class CodeLength
{
    private const int Magnitudes = 64;

    private readonly int[] _counts = new int[Magnitudes + 1];
    private readonly float[] _bits = new float[Magnitudes + 1];
    private readonly float[] _slopes = new float[Magnitudes + 1];

    /// <summary>Bits of all integers together, at the last <see cref="Count"/>.</summary>
    internal double Bits { get; private set; }

    /// <summary>Counts rounded values.</summary>
    internal void Count(ReadOnlySpan<float> rounded)
    {
        Array.Clear(_counts);
        foreach (var value in rounded)
            _counts[(int)Math.Min(Math.Abs(value), Magnitudes)]++;
        // Half a count each, so that what has not occurred is dear but not impossible.
        var total = rounded.Length + (0.5 * _counts.Length);
        Bits = 0;
        for (var magnitude = 0; magnitude < _counts.Length; magnitude++)
        {
            _bits[magnitude] = (float)(Math.Log2(total / (_counts[magnitude] + 0.5)) + (magnitude > 0 ? 1 : 0));
            Bits += _counts[magnitude] * (double)_bits[magnitude];
        }
        for (var magnitude = 0; magnitude < Magnitudes; magnitude++)
            _slopes[magnitude] = Math.Max(0, _bits[magnitude + 1] - _bits[magnitude]);
    }

    /// <summary>The bits less that a rounded value takes when it comes one nearer to 0; fewer than none are none.</summary>
    internal float Saved(float rounded) => _slopes[(int)Math.Min(Math.Abs(rounded), Magnitudes) - 1];

    /// <summary>Adds the slopes of the bits at values that are not rounded, per unit and times a rate.</summary>
    internal void AddSlopes(ReadOnlySpan<float> values, float rate, Span<float> gradient)
    {
        for (var i = 0; i < values.Length; i++)
            gradient[i] += MathF.CopySign(rate * _slopes[(int)Math.Min(Math.Abs(values[i]), Magnitudes)], values[i]);
    }
}
