namespace Nern.Predictor;

/// <summary>How a coordinate is embedded.</summary>
public enum EmbeddingKind
{
    /// <summary>Frequencies that grow by a constant ratio (<see cref="PositionalEmbedding"/>), as in the paper.</summary>
    Positional,
    /// <summary>Frequencies drawn at random, for each axis its own (<see cref="GaussianEmbedding"/>).</summary>
    Gaussian,
}
