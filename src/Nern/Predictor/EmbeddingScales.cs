namespace Nern.Predictor;

/// <summary>
/// The standard deviations of a <see cref="GaussianEmbedding"/>'s frequencies, one for each axis, in periods over the unit interval,
/// which is where local coordinates lie. The larger, the less neighbours have in common.
/// </summary>
/// <param name="Layer">Of the layer axis.</param>
/// <param name="Filter">Of the filter axis.</param>
/// <param name="Channel">Of the channel axis.</param>
public sealed record EmbeddingScales(double Layer, double Filter, double Channel);
