using Nern.Networks;
using Nern.Ranks;

namespace Nern.Evaluation;

/// <summary>What a reconstruction and its original make of the same images, held against each other.</summary>
/// <param name="Agreement">Of class scores; null of features.</param>
/// <param name="Features">Of features; null of class scores.</param>
internal sealed record Comparison(Agreement? Agreement, FeatureAgreement? Features)
{
    /// <summary>How far they are apart: the mean KL, or the relative error of features.</summary>
    internal double Distance => Agreement?.MeanDivergence ?? Features!.Value.RelativeError;

    /// <summary>Compares what comes out of two networks of this architecture, [images, logits or features].</summary>
    internal static Comparison Of(Graph graph, ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction) =>
        graph.EndsInFeatures
            ? new(null, FeatureAgreement.Of(original, reconstruction, graph.Logits))
            : new(Evaluation.Agreement.Of(original, reconstruction, graph.Logits), null);

    /// <summary>That of all ranks' images together.</summary>
    internal Comparison Over(Communicator ranks) => new(Agreement?.Over(ranks), Features?.Over(ranks));
}
