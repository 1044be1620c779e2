using Nern.Kernels;
using Nern.Networks;

namespace Nern.Evaluation;

/// <summary>How far a reconstruction's weights are from the original's.</summary>
/// <param name="Layer">The convolution, or what else the weights are of.</param>
/// <param name="Weights">How many there are.</param>
/// <param name="SquaredDistance">|W - W^|^2.</param>
/// <param name="SquaredNorm">|W|^2.</param>
public sealed record WeightError(string Layer, long Weights, double SquaredDistance, double SquaredNorm)
{
    /// <summary>|W - W^| / |W|; 0 / 0 is 0.</summary>
    public double Relative => SquaredDistance == 0 ? 0 : Math.Sqrt(SquaredDistance / SquaredNorm);

    /// <summary>The error of some convolutions.</summary>
    /// <param name="original">The original.</param>
    /// <param name="reconstruction">Its reconstruction.</param>
    /// <param name="layers">Which; null for all that can be predicted.</param>
    public static IReadOnlyList<WeightError> OfLayers(
        Network original, Network reconstruction, IReadOnlyList<LearnableLayer>? layers = null) =>
    [
        .. (layers ?? LearnableLayer.AllOf(original.Graph)).Select(
            layer => Of(layer.Name, original.Values(layer.Weight), reconstruction.Values(layer.Weight))),
    ];

    /// <summary>The error of every layer of a layout, in two sets of its rows.</summary>
    internal static IReadOnlyList<WeightError> OfLayers(KernelLayout layout, float[] original, float[] predicted)
    {
        return [.. layout.Layers.Select((layer, l) =>
        {
            var (weights, reconstruction) = (new float[layer.Kernels * layer.KernelSize], new float[layer.Kernels * layer.KernelSize]);
            layout.Read(original, l, weights);
            layout.ReadPredicted(predicted, l, reconstruction);
            return Of(layer.Name, weights, reconstruction);
        })];
    }

    /// <summary>The error of all layers together.</summary>
    public static WeightError Sum(IReadOnlyList<WeightError> layers) => new(
        "all", layers.Sum(layer => layer.Weights), layers.Sum(layer => layer.SquaredDistance), layers.Sum(layer => layer.SquaredNorm));

    private static WeightError Of(string layer, float[] original, float[] reconstruction)
    {
        var (distance, norm) = (0.0, 0.0);
        for (var i = 0; i < original.Length; i++)
        {
            var difference = (double)original[i] - reconstruction[i];
            distance += difference * difference;
            norm += (double)original[i] * original[i];
        }
        return new(layer, original.Length, distance, norm);
    }
}
