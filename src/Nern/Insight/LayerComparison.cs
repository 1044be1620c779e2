using Nern.Evaluation;
using Nern.Kernels;
using Nern.Networks;

namespace Nern.Insight;

/// <summary>A convolution as two networks have it.</summary>
/// <param name="Layer">The convolution.</param>
/// <param name="Between">How far the second is from the first.</param>
/// <param name="First">How far the first is from the original's, if that is known.</param>
/// <param name="Second">How far the second is from it.</param>
public sealed record LayerComparison(string Layer, WeightError Between, WeightError? First, WeightError? Second)
{
    /// <summary>Compares the convolutions that two networks both have, by name and shape, in the order of the first.</summary>
    /// <param name="first">A network.</param>
    /// <param name="second">Another.</param>
    /// <param name="original">What both are to be like; of its convolutions those count that are as in the others.</param>
    public static IReadOnlyList<LayerComparison> Of(Network first, Network second, Network? original = null)
    {
        LearnableLayer[] layers = [.. LearnableLayer.AllOf(first.Graph).Intersect(LearnableLayer.AllOf(second.Graph))];
        var between = WeightError.OfLayers(first, second, layers);
        var known = original is null ? [] : LearnableLayer.AllOf(original.Graph).Intersect(layers).ToArray();
        var ofFirst = original is null ? [] : WeightError.OfLayers(original, first, known);
        var ofSecond = original is null ? [] : WeightError.OfLayers(original, second, known);
        return [.. layers.Select((layer, i) => Array.IndexOf(known, layer) is >= 0 and var place
            ? new LayerComparison(layer.Name, between[i], ofFirst[place], ofSecond[place])
            : new LayerComparison(layer.Name, between[i], null, null))];
    }

    /// <summary>All layers together.</summary>
    public static LayerComparison Sum(IReadOnlyList<LayerComparison> layers)
    {
        WeightError[] first = [.. layers.Select(layer => layer.First).OfType<WeightError>()];
        WeightError[] second = [.. layers.Select(layer => layer.Second).OfType<WeightError>()];
        return new(
            "all", WeightError.Sum([.. layers.Select(layer => layer.Between)]), first.Length == 0 ? null : WeightError.Sum(first),
            second.Length == 0 ? null : WeightError.Sum(second));
    }
}
