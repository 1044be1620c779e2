using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>
/// The standard deviations of a <see cref="GaussianEmbedding"/>'s frequencies, one for each axis, in periods over the unit interval,
/// which is where local coordinates lie. The larger, the less neighbours have in common.
/// </summary>
/// <param name="Layer">Of the layer axis.</param>
/// <param name="Filter">Of the filter axis.</param>
/// <param name="Channel">Of the channel axis.</param>
public sealed record EmbeddingScales(double Layer, double Filter, double Channel)
{
    /// <summary>Draws frequencies.</summary>
    /// <param name="levels">N, from 1 to <see cref="Embedding.MostLevels"/>.</param>
    /// <param name="generator">Where they come from.</param>
    /// <exception cref="NernException">The number of levels is out of range.</exception>
    public GaussianEmbedding Draw(int levels, Generator generator)
    {
        var frequencies = new float[Coordinates.Axes * Embedding.CheckLevels(levels)];
        double[] deviations = [Layer, Filter, Channel];
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = (float)(deviations[i / levels] * generator.NextNormal());
        return new(frequencies);
    }
}
