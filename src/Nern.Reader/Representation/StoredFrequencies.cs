using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>The frequencies of a <see cref="GaussianEmbedding"/> as a tensor, [3, levels].</summary>
internal static class StoredFrequencies
{
    internal const string Name = "predictor.frequencies";

    internal static IEnumerable<KeyValuePair<string, Tensor>> Write(Embedding embedding) => embedding is GaussianEmbedding gaussian
        ? [new(Name, Tensor.From([Coordinates.Axes, gaussian.Levels], gaussian.Frequencies.Span))]
        : [];

    internal static GaussianEmbedding Read(int levels, IReadOnlyDictionary<string, Tensor> tensors) =>
        new(tensors.Find(Name, Coordinates.Axes, levels).ToFloats());
}
