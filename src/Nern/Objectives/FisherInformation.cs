using Nern.Data;
using Nern.Engine;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;

namespace Nern.Objectives;

/// <summary>
/// How much the original's answers depend on each kernel: the diagonal of the Fisher information (Amari, <i>Natural Gradient Works
/// Efficiently in Learning</i>, 1998), the mean over inputs x and classes c drawn from softmax(logits(x)) of |d log p_c(x) / d kernel|^2.
/// No labels are used.
/// </summary>
internal static class FisherInformation
{
    private const int Inputs = 512;

    /// <summary>The information of each kernel, [kernels].</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="network">The original.</param>
    /// <param name="layout">Its kernels.</param>
    /// <param name="images">The inputs.</param>
    /// <param name="generator">Where inputs and classes are drawn from.</param>
    /// <exception cref="NernException">The network ends in features, which have no probabilities.</exception>
    internal static float[] Of(CpuEngine engine, Network network, KernelLayout layout, IImageSource images, Generator generator)
    {
        if (network.Graph.EndsInFeatures)
            throw new NernException("Fisher information is of class scores; the network ends in features: take another weighting.");
        // In units of the weights themselves.
        layout = new(layout.Layers, layout.Reading);
        var names = layout.Layers.Select(layer => layer.Name).ToHashSet();
        // One input at a time: gradients are squared before they are summed.
        using var original = NetworkPlan.Original(engine, network, 1, Precision.Float32);
        using var plan = NetworkPlan.Reconstruction(engine, network, original, Precision.Float32, names);
        var layers = new PredictedLayers(layout, plan.Layers);
        var rows = new float[layout.Kernels * layout.RowSize];
        for (var l = 0; l < layout.Layers.Count; l++)
            layout.Write(network.Values(layout.Layers[l].Weight), l, rows);
        layers.Load(rows);
        plan.LoadWeights();
        foreach (var map in plan.FeatureMaps)
            map.Loss = null;

        var kernels = Enumerable.Range(0, layout.Kernels).ToArray();
        var information = new float[layout.Kernels];
        for (var input = 0; input < Inputs; input++)
        {
            images.Write(images.Draw(generator), original.Images);
            plan.Forward();
            LogLikelihoodGradient(plan.Logits, generator.NextDouble(), plan.LogitGradient);
            plan.Backward();
            Array.Clear(rows);
            layers.AddGradients(kernels, rows);
            for (var kernel = 0; kernel < kernels.Length; kernel++)
                foreach (var value in rows.AsSpan(kernel * layout.RowSize, layout.RowSize))
                    information[kernel] += value * value / Inputs;
        }
        return information;
    }

    /// <summary>
    /// The gradient of log p_c at the logits, onehot(c) - p, with c where the cumulated p passes <paramref name="draw"/>.
    /// </summary>
    private static void LogLikelihoodGradient(ReadOnlySpan<float> logits, double draw, Span<float> gradient)
    {
        var rows = new LogitRows(logits, logits.Length);
        var row = rows[0];
        var whole = rows.Implied == 0 ? gradient : stackalloc float[row.Length];
        var normalizer = LogSoftmax.Normalizer(row);
        var (drawn, below) = (row.Length - 1, 0.0);
        for (var c = row.Length - 1; c >= 0; c--)
            whole[c] = (float)-Math.Exp(row[c] - normalizer);
        for (var c = 0; c < row.Length; c++)
        {
            below -= whole[c];
            if (draw < below)
            {
                drawn = c;
                break;
            }
        }
        whole[drawn] += 1;
        whole[rows.Implied..].CopyTo(gradient);
    }
}
