using Nern.Data;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Objectives;

/// <summary>What the squared error of each kernel is multiplied with; the mean over the weights of the network is one.</summary>
internal static class KernelWeights
{
    // Another stream than that of the fit.
    private const ulong Stream = 0x46697368;

    /// <summary>The weight of each kernel; empty where all count alike.</summary>
    /// <exception cref="NernException">Fisher information is wanted but there are no inputs.</exception>
    internal static float[] Of(
        KernelWeighting weighting, CpuEngine engine, Network network, ReconstructionTarget target, IImageSource? images, ulong seed)
    {
        var layout = target.Layout;
        switch (weighting)
        {
            case KernelWeighting.Layer:
                var weights = new float[layout.Kernels];
                for (var l = 0; l < layout.Layers.Count; l++)
                {
                    var meanSquare = layout.SquaredDistance(new float[target.Rows.Length], target.Rows, l) / (layout.Layers[l].Kernels * layout.Layers[l].KernelSize);
                    weights.AsSpan(layout.Offsets[l], layout.Layers[l].Kernels).Fill(meanSquare > 0 ? (float)(1 / meanSquare) : 0);
                }
                return Normalized(weights, layout);
            case KernelWeighting.Fisher:
                if (images is null)
                    throw new NernException("Weighting kernels by their Fisher information needs inputs: images or noise.");
                var position = images.Position;
                var information = FisherInformation.Of(engine, network, layout, images, new Generator(seed ^ Stream));
                images.Position = position;
                return Normalized([.. information.Select(MathF.Sqrt)], layout);
            default:
                return [];
        }
    }

    private static float[] Normalized(float[] weights, KernelLayout layout)
    {
        var sum = 0.0;
        for (var kernel = 0; kernel < weights.Length; kernel++)
            sum += (double)weights[kernel] * layout.Layers[layout.LayerOf(kernel)].KernelSize;
        if (!(sum > 0))
            return [];
        foreach (ref var weight in weights.AsSpan())
            weight = (float)(weight * layout.Weights / sum);
        return weights;
    }
}
