using System.Numerics.Tensors;
using Nern.Predictor;

namespace Nern.Insight;

/// <summary>
/// How alike an embedding makes the channels of a filter (paper, figure 8): the cosine similarity of gamma(0, 0, c) to gamma(0, 0, r), axes
/// side by side as the predictor takes them.
/// </summary>
/// <param name="Reference">r.</param>
/// <param name="Cosine">The similarity, for each c.</param>
public sealed record EmbeddingSimilarity(int Reference, IReadOnlyList<double> Cosine)
{
    /// <summary>Channels of the paper's figure.</summary>
    public const int PaperChannels = 64;

    /// <summary>The channel that the paper's figure compares the others with.</summary>
    public const int PaperReference = 31;

    /// <summary>
    /// The similarity from its smallest, which is 0, to its largest, which is 1: two thirds of a cosine are the axes that are the same.
    /// All 1
    /// where nothing differs.
    /// </summary>
    public IReadOnlyList<double> Normalized
    {
        get
        {
            var (low, high) = (Cosine.Min(), Cosine.Max());
            return [.. Cosine.Select(value => high > low ? (value - low) / (high - low) : 1)];
        }
    }

    /// <summary>The similarity that a predictor sees in a layer of <see cref="PaperChannels"/> channels.</summary>
    public static EmbeddingSimilarity Of(PredictorDesign design) => Of(
        design.Embedding, design.Normalization,
        largest: design.Orderings.Max(layer => Math.Max(design.Orderings.Count, Math.Max(layer.Filters, layer.Channels))));

    /// <summary>The similarity in a layer of <paramref name="channels"/> channels.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="normalization">
    /// What coordinates are divided by; of <see cref="CoordinateNormalization.Global"/> by <paramref name="largest"/>.
    /// </param>
    /// <param name="channels">Channels.</param>
    /// <param name="reference">The channel that the others are compared with.</param>
    /// <param name="largest">The largest extent of any layer; null is the number of channels.</param>
    public static EmbeddingSimilarity Of(
        Embedding embedding, CoordinateNormalization normalization = CoordinateNormalization.Local, int channels = PaperChannels,
        int reference = PaperReference, int? largest = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)reference, (uint)channels, nameof(reference));
        double divisor = normalization switch
        {
            CoordinateNormalization.Local => channels,
            CoordinateNormalization.Global => largest ?? channels,
            _ => 1,
        };
        var compared = Embed(reference);
        return new(reference, [.. Enumerable.Range(0, channels).Select(
            channel => (double)TensorPrimitives.CosineSimilarity<double>(Embed(channel), compared))]);

        double[] Embed(int channel)
        {
            var values = new float[Coordinates.Axes * embedding.Size];
            for (var axis = 0; axis < Coordinates.Axes; axis++)
                embedding.Embed(axis, axis == 2 ? channel / divisor : 0, values.AsSpan(axis * embedding.Size, embedding.Size));
            return [.. values.Select(value => (double)value)];
        }
    }
}
