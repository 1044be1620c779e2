namespace Nern.Representation;

/// <summary>
/// The positional embedding of one coordinate (paper, equation 1):
/// gamma(v) = [sin(b^0 pi v), cos(b^0 pi v), …, sin(b^(N-1) pi v), cos(b^(N-1) pi v)].
/// </summary>
public sealed record PositionalEmbedding
{
    /// <summary>The largest number of levels.</summary>
    public const int MostLevels = 1024;

    private const double HighestFrequency = 1e15;

    /// <param name="frequencyBase">b, in (0, 16].</param>
    /// <param name="levels">N, from 1 to <see cref="MostLevels"/>.</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public PositionalEmbedding(double frequencyBase, int levels)
    {
        if (!(frequencyBase is > 0 and <= 16))
            throw new NernException($"The embedding base must lie in (0, 16]; got {frequencyBase}.");
        if (levels is < 1 or > MostLevels)
            throw new NernException($"The embedding takes 1 to {MostLevels} levels; got {levels}.");
        // Beyond this the angle of a coordinate is rounded by more than a turn.
        if (Math.Pow(frequencyBase, levels - 1) > HighestFrequency)
            throw new NernException(
                $"The embedding's highest frequency may be {HighestFrequency:g1}; {frequencyBase}^{levels - 1} is more: lower the base or the levels.");
        Base = frequencyBase;
        Levels = levels;
    }

    /// <summary>b: the ratio of one frequency to the one before.</summary>
    public double Base { get; }

    /// <summary>N: the number of frequencies.</summary>
    public int Levels { get; }

    /// <summary>Values an embedded coordinate takes: 2 N.</summary>
    public int Size => 2 * Levels;

    /// <summary>gamma(<paramref name="coordinate"/>), written to <paramref name="destination"/> of <see cref="Size"/> values.</summary>
    public void Embed(double coordinate, Span<float> destination)
    {
        var frequency = Math.PI;
        for (var level = 0; level < Levels; level++)
        {
            var (sine, cosine) = Math.SinCos(frequency * coordinate);
            destination[2 * level] = (float)sine;
            destination[(2 * level) + 1] = (float)cosine;
            frequency *= Base;
        }
    }
}
