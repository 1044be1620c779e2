using Nern.Evaluation;
using Nern.Networks;

namespace Nern.Cli.Display.Reports;

/// <summary>What two networks make of the same images, held against each other.</summary>
/// <param name="Agreement">On the test images; null of features.</param>
/// <param name="Features">On the test images; null of class scores.</param>
internal sealed record Comparison(Agreement? Agreement, FeatureAgreement? Features)
{
    /// <summary>Compares two networks by what they make of the same images.</summary>
    internal static Comparison Of(Graph graph, Classification original, Classification given) =>
        graph.EndsInFeatures
            ? new(null, FeatureAgreement.Of(original.Logits, given.Logits, graph.Logits))
            : new(Evaluation.Agreement.Of(original.Logits, given.Logits, graph.Logits), null);
}
