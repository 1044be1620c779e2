namespace Nern.Predictor;

/// <summary>
/// The positional embedding (paper, equation 1), the same for every axis:
/// gamma(v) = [sin(b^0 pi v), cos(b^0 pi v), …, sin(b^(N-1) pi v), cos(b^(N-1) pi v)].
/// </summary>
public sealed record PositionalEmbedding : Embedding
{
    /// <summary>The largest base.</summary>
    public const double LargestBase = 16;

    private const double HighestFrequency = 1e15;

    /// <param name="frequencyBase">b, in (0, 16].</param>
    /// <param name="levels">N, from 1 to <see cref="Embedding.MostLevels"/>.</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public PositionalEmbedding(double frequencyBase, int levels) : base(levels)
    {
        if (!(frequencyBase is > 0 and <= LargestBase))
            throw new NernException($"The embedding base must lie in (0, {LargestBase}]; got {frequencyBase}.");
        // Beyond this the angle of a coordinate is rounded by more than a turn.
        if (Math.Pow(frequencyBase, levels - 1) > HighestFrequency)
            throw new NernException(
                $"The embedding's highest frequency may be {HighestFrequency:g1}; {frequencyBase}^{levels - 1} is more: lower the base or the levels.");
        Base = frequencyBase;
    }

    /// <summary>b: the ratio of one frequency to the one before.</summary>
    public double Base { get; }

    /// <inheritdoc/>
    public override EmbeddingKind Kind => EmbeddingKind.Positional;

    /// <inheritdoc/>
    public override void Embed(int axis, double coordinate, Span<float> destination)
    {
        var frequency = Math.PI;
        for (var level = 0; level < Levels; level++)
        {
            var (sine, cosine) = SineAndCosine.Of(frequency * coordinate);
            destination[2 * level] = (float)sine;
            destination[(2 * level) + 1] = (float)cosine;
            frequency *= Base;
        }
    }
}
