namespace Nern.Predictor;

/// <summary>
/// Random Fourier features (Tancik et al. 2020) of each axis:
/// gamma(v) = [sin(2 pi b_1 v), cos(2 pi b_1 v), …, sin(2 pi b_N v), cos(2 pi b_N v)] with b_j from N(0, sigma²), sigma the axis's.
/// </summary>
public sealed record GaussianEmbedding : Embedding
{
    /// <summary>The largest standard deviation.</summary>
    public const double LargestScale = 1e6;

    // No normal number drawn from 53 bits reaches 10.
    private const double LargestFrequency = 10 * LargestScale;

    private readonly float[] _frequencies;

    /// <summary>An embedding that is known.</summary>
    /// <param name="frequencies">b: [3, N], axis by axis.</param>
    /// <exception cref="NernException">They do not fill three axes, are too many, or one is no number or too large.</exception>
    public GaussianEmbedding(ReadOnlyMemory<float> frequencies) : base(frequencies.Length / Coordinates.Axes)
    {
        if (frequencies.Length % Coordinates.Axes != 0)
            throw new NernException($"The embedding's frequencies must fill {Coordinates.Axes} axes; got {frequencies.Length}.");
        _frequencies = frequencies.ToArray();
        foreach (var frequency in _frequencies)
            if (!(Math.Abs(frequency) <= LargestFrequency))
                throw new NernException($"The embedding's frequencies may be {LargestFrequency:g1} at most; got {frequency}.");
    }

    /// <summary>b: [3, N], axis by axis.</summary>
    public ReadOnlyMemory<float> Frequencies => _frequencies;

    /// <inheritdoc/>
    public override EmbeddingKind Kind => EmbeddingKind.Gaussian;

    /// <inheritdoc/>
    public override void Embed(int axis, double coordinate, Span<float> destination)
    {
        for (var level = 0; level < Levels; level++)
        {
            var (sine, cosine) = SineAndCosine.Of(2 * Math.PI * _frequencies[(axis * Levels) + level] * coordinate);
            destination[2 * level] = (float)sine;
            destination[(2 * level) + 1] = (float)cosine;
        }
    }

    /// <summary>Whether the frequencies are the same.</summary>
    public bool Equals(GaussianEmbedding? other) => other is not null && _frequencies.AsSpan().SequenceEqual(other._frequencies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Levels, _frequencies[0]);
}
