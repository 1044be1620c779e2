using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli;

/// <summary>How far a reconstruction's weights are from the original's.</summary>
/// <param name="Layer">The convolution, or what else the weights are of.</param>
/// <param name="Weights">How many there are.</param>
/// <param name="SquaredDistance">|W - W^|^2.</param>
/// <param name="SquaredNorm">|W|^2.</param>
internal sealed record WeightError(string Layer, long Weights, double SquaredDistance, double SquaredNorm)
{
    /// <summary>|W - W^| / |W|; 0 / 0 is 0.</summary>
    internal double Relative => SquaredDistance == 0 ? 0 : Math.Sqrt(SquaredDistance / SquaredNorm);

    /// <summary>The error of every convolution that can be predicted.</summary>
    internal static IReadOnlyList<WeightError> OfLayers(Network original, Network reconstruction) =>
    [
        .. LearnableLayer.AllOf(original.Graph).Select(
            layer => Of(layer, original.Values(layer.Weight), reconstruction.Values(layer.Weight))),
    ];

    /// <summary>The error of all layers together.</summary>
    internal static WeightError Sum(IReadOnlyList<WeightError> layers) => new(
        "all", layers.Sum(layer => layer.Weights), layers.Sum(layer => layer.SquaredDistance), layers.Sum(layer => layer.SquaredNorm));

    private static WeightError Of(LearnableLayer layer, float[] original, float[] reconstruction)
    {
        var (distance, norm) = (0.0, 0.0);
        for (var i = 0; i < original.Length; i++)
        {
            distance += Math.Pow((double)original[i] - reconstruction[i], 2);
            norm += Math.Pow(original[i], 2);
        }
        return new(layer.Name, original.Length, distance, norm);
    }
}
