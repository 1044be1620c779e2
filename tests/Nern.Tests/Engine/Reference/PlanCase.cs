using Nern.Engine;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Reference;

/// <summary>A random original network and a reconstruction that differs in its convolutions: as plans, and as float64 references.</summary>
internal sealed class PlanCase : IDisposable
{
    private readonly Generator _random;
    private readonly double _margin;
    private readonly CpuEngine _engine = new();

    /// <param name="graph">The architecture of both.</param>
    /// <param name="precision">The plans' precision.</param>
    /// <param name="batch">Images of a micro-batch.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="learnable">The convolutions that differ; all, if not given.</param>
    /// <param name="margin">How far images keep values from where functions of them have no slope, relative to the largest.</param>
    internal PlanCase(
        Graph graph, Precision precision, int batch = 4, ulong seed = 1, IReadOnlySet<string>? learnable = null, double margin = 3e-6)
    {
        _margin = margin;
        Skip.If(
            precision == Precision.BFloat16 && !_engine.SupportsBFloat16,
            "oneDNN has no right bfloat16 on this processor.");
        _random = new Generator(seed);
        Graph = graph;
        OriginalNetwork = RandomNetwork.Of(graph, _random);
        var reconstructed = RandomNetwork.WithOtherConvolutions(OriginalNetwork, _random);
        OriginalReference = new ReferenceNetwork(OriginalNetwork);
        learnable ??= graph.Nodes.OfType<Convolution>().Select(node => node.Name).ToHashSet();
        Original = NetworkPlan.Original(_engine, OriginalNetwork, batch, precision);
        // Compiled with the original's weights and loaded with others, as training does.
        Reconstruction = NetworkPlan.Reconstruction(_engine, OriginalNetwork, Original, precision, learnable);
        foreach (var map in Reconstruction.FeatureMaps)
            (map.Loss, map.Scale) = (SmoothLoss, FeatureScale);
        foreach (var layer in Reconstruction.Layers)
            layer.Load(reconstructed.Values($"{layer.Name}.weight"));
        Reconstruction.LoadWeights();
        ReconstructedReference = new ReferenceNetwork(OriginalNetwork.With(
            learnable.ToDictionary(name => $"{name}.weight", name => reconstructed.Values($"{name}.weight"))));
    }

    internal Graph Graph { get; }

    internal Network OriginalNetwork { get; }

    internal NetworkPlan Original { get; }

    internal NetworkPlan Reconstruction { get; }

    internal ReferenceNetwork OriginalReference { get; }

    internal ReferenceNetwork ReconstructedReference { get; }

    internal CpuEngine Engine => _engine;

    /// <summary>Random numbers that bfloat16 holds exactly.</summary>
    internal float[] Numbers(int count) => [.. RandomNetwork.Uniform(count, _random).Select(value => (float)value)];

    /// <summary>Runs both plans forward on new images; returns the references' values of every node.</summary>
    internal (Volume[] Original, Volume[] Reconstructed) Forward()
    {
        var shape = Graph.InputShape;
        Volume images;
        Volume[] reconstructed;
        do
        {
            images = new Volume(
                Original.Batch, shape.Channels, shape.Height, shape.Width, RandomNetwork.Uniform(Original.Batch * shape.Count, _random));
            reconstructed = ReconstructedReference.Forward(images);
        }
        while (!ReferenceFunction.IsSmooth(Graph, reconstructed, _margin));
        for (var i = 0; i < images.Values.Length; i++)
            Original.Images[i] = (float)images.Values[i];
        Reconstruction.Forward();
        return (OriginalReference.Forward(images), reconstructed);
    }

    /// <summary>One micro-batch with random gradients of the logits, and those of a loss of the feature maps.</summary>
    /// <returns>The reference's gradients by parameter.</returns>
    internal IReadOnlyDictionary<string, double[]> TrainOn()
    {
        var (original, reconstructed) = Forward();
        var logitGradient = Numbers(Original.Batch * Graph.Logits);
        logitGradient.CopyTo(Reconstruction.LogitGradient);
        var extra = new Dictionary<int, double[]>();
        foreach (var map in Reconstruction.FeatureMaps)
            if (map.Loss is not null)
                extra[map.Node] = FeatureGradient(map, reconstructed[map.Node], original[map.Node]);
        Reconstruction.Backward();
        return ReconstructedReference.Backward(reconstructed, [.. logitGradient.Select(value => (double)value)], extra);
    }

    /// <summary>The plan's gradient of a layer, kernel by kernel.</summary>
    internal static double[] Gradient(ConvolutionWeights layer) => Gradient(layer, hasMeans: false);

    /// <summary>The same where the means of filters are known, or not.</summary>
    internal static double[] Gradient(ConvolutionWeights layer, bool hasMeans)
    {
        var layout = new KernelLayout(
            [new(layer.Name, layer.Shape[0], layer.Shape[1], layer.Shape[2], layer.Shape[3])],
            means: hasMeans ? [new float[layer.Shape[0]]] : null);
        var gradient = new float[layout.WeightCount];
        layer.AddGradients([.. Enumerable.Range(0, layout.Kernels)], layout, 0, gradient);
        return [.. gradient.Select(value => (double)value)];
    }

    public void Dispose()
    {
        Reconstruction.Dispose();
        Original.Dispose();
        _engine.Dispose();
    }

    // Brings the terms of feature maps to the magnitude of those of the logits.
    private const float FeatureScale = 0.05f;

    // A number of every sample's own, and factors that rounding hardly moves.
    private static (double, double, double) SmoothLoss(InnerProducts products)
    {
        var (ss, tt, st) = products;
        return (st, (ss - tt) / (ss + tt), 0.3 + (st / (ss + tt)));
    }

    private static double[] FeatureGradient(FeatureMap map, Volume student, Volume teacher)
    {
        var size = student.Values.Length / student.Samples;
        return [.. student.Values.Select((s, i) =>
            (map.Results[i / size].Student * s) + (map.Results[i / size].Teacher * teacher.Values[i]))];
    }
}
