namespace Nern.Predictor;

/// <summary>
/// How the value of one axis of a coordinate becomes an input of the predictor: sines and cosines of it. The axes are embedded one
/// by one and stand side by side, so that the first layer stays the sum of three small tables.
/// </summary>
public abstract record Embedding
{
    /// <summary>The largest number of levels.</summary>
    public const int MostLevels = 1024;

    /// <exception cref="NernException">The number of levels is out of range.</exception>
    private protected Embedding(int levels) => Levels = CheckLevels(levels);

    /// <summary>The number of frequencies.</summary>
    public int Levels { get; }

    /// <summary>Values an embedded coordinate takes: a sine and a cosine a level.</summary>
    public int Size => 2 * Levels;

    /// <summary>The kind.</summary>
    public abstract EmbeddingKind Kind { get; }

    /// <summary>The embedded value, written to <paramref name="destination"/> of <see cref="Size"/> values.</summary>
    /// <param name="axis">The axis: 0 layer, 1 filter, 2 channel.</param>
    /// <param name="coordinate">The value.</param>
    /// <param name="destination">sin, cos, sin, cos, …</param>
    public abstract void Embed(int axis, double coordinate, Span<float> destination);

    internal static int CheckLevels(int levels) => levels is >= 1 and <= MostLevels
        ? levels
        : throw new NernException($"The embedding takes 1 to {MostLevels} levels; got {levels}.");
}

/// <summary>How a coordinate is embedded.</summary>
public enum EmbeddingKind
{
    /// <summary>Frequencies that grow by a constant ratio (<see cref="PositionalEmbedding"/>), as in the paper.</summary>
    Positional,
    /// <summary>Frequencies drawn at random, for each axis its own (<see cref="GaussianEmbedding"/>).</summary>
    Gaussian,
}
