using Nern.Kernels;
using Nern.Networks;

namespace Nern.Insight;

/// <summary>
/// How well one filter of a network is given back, and how much the network makes of it (paper, section 5 and figure 5, right).
/// </summary>
/// <param name="Layer">The convolution.</param>
/// <param name="Filter">Which of its filters.</param>
/// <param name="Norm">|w| of the original's filter.</param>
/// <param name="Distance">|w - w^|.</param>
/// <param name="MeanActivation">The mean of its map in the original, where images were given.</param>
public sealed record FilterImportance(string Layer, int Filter, double Norm, double Distance, double? MeanActivation)
{
    /// <summary>|w - w^| / |w|; 0 / 0 is 0.</summary>
    public double RelativeError => Distance == 0 ? 0 : Distance / Norm;

    /// <summary>All filters of some convolutions, layer by layer.</summary>
    /// <param name="original">The original.</param>
    /// <param name="reconstruction">Its reconstruction.</param>
    /// <param name="layers">Which convolutions.</param>
    /// <param name="activations">Of the original and of these layers, if it was run on images.</param>
    public static IReadOnlyList<FilterImportance> OfLayers(
        Network original, Network reconstruction, IReadOnlyList<LearnableLayer> layers, MapActivations? activations = null)
    {
        var filters = new List<FilterImportance>();
        foreach (var layer in layers)
        {
            var (weights, given) = (original.Values(layer.Weight), reconstruction.Values(layer.Weight));
            var size = layer.Channels * layer.KernelSize;
            for (var filter = 0; filter < layer.Filters; filter++)
            {
                var (norm, distance) = (0.0, 0.0);
                for (var i = filter * size; i < (filter + 1) * size; i++)
                {
                    norm += (double)weights[i] * weights[i];
                    distance += ((double)weights[i] - given[i]) * ((double)weights[i] - given[i]);
                }
                filters.Add(new(layer.Name, filter, Math.Sqrt(norm), Math.Sqrt(distance), activations?.Of(layer.Name)[filter]));
            }
        }
        return filters;
    }
}
