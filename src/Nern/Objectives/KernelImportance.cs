using Nern.Data;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Objectives;

/// <summary>How much the error of a kernel counts in the reconstruction loss.</summary>
public enum KernelWeighting
{
    /// <summary>All weights alike: equation 3.</summary>
    None,
    /// <summary>Each layer relative to its own size: by the inverse of its mean squared weight.</summary>
    Layer,
    /// <summary>By the square root of its Fisher information: how much the original's answers depend on it.</summary>
    Fisher,
}

/// <summary>What the squared error of each kernel is multiplied with; the mean over the weights of the network is one.</summary>
internal static class KernelImportance
{
    // Another stream than that of the fit.
    private const ulong Stream = 0x46697368;

    /// <summary>The importance of each kernel, [kernels]; empty where all count alike.</summary>
    /// <exception cref="NernException">Fisher information is wanted but there are no inputs.</exception>
    internal static float[] Of(
        KernelWeighting weighting, CpuEngine engine, Network network, ReconstructionTarget target, IImageSource? images, ulong seed)
    {
        var layout = target.Layout;
        switch (weighting)
        {
            case KernelWeighting.Layer:
                var importance = new float[layout.Kernels];
                var squaredNorms = target.SquaredNorms();
                for (var l = 0; l < layout.Layers.Count; l++)
                {
                    var meanSquare = squaredNorms[l] / (layout.Layers[l].Kernels * layout.Layers[l].KernelSize);
                    importance.AsSpan(layout.Offsets[l], layout.Counts[l]).Fill(meanSquare > 0 ? (float)(1 / meanSquare) : 0);
                }
                return Normalized(importance, layout);
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

    private static float[] Normalized(float[] importance, KernelLayout layout)
    {
        var sum = 0.0;
        for (var kernel = 0; kernel < importance.Length; kernel++)
            sum += (double)importance[kernel] * layout.PositionsOf(kernel).Length;
        if (!(sum > 0))
            return [];
        foreach (ref var value in importance.AsSpan())
            value = (float)(value * layout.WeightCount / sum);
        return importance;
    }
}
