using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Predictor;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Representation;

namespace Nern.Tests.Fitting;

/// <summary>A tiny network to be fitted, and options that say everything that matters, so that defaults may change.</summary>
internal sealed class FitCase(int logits = 4, bool endsInFeatures = false) : IDisposable
{
    internal static readonly FitOptions Options = new()
    {
        Predictor = new()
        {
            Hidden = 8,
            Depth = 3,
            Activation = Activation.Relu,
            EmbeddingBase = 1.1,
            EmbeddingLevels = 6,
            ValueOrder = ValueOrder.None,
            FilterMeans = FilterMeans.Predicted,
        },
        Inputs = new() { Batch = 4 },
        Sampling = new() { Kernels = 64 },
        Budget = new() { Steps = 6, EvaluateEvery = 2 },
        Objective = new() { Warmup = 0, Kd = 0.01, Fmd = 0.01 },
        Optimizer = new() { Kind = OptimizerKind.Ranger, LearningRate = 5e-3, DecayFrom = 0, Plateau = 0 },
        Precision = Precision.Float32,
        Seed = 3,
    };

    internal CpuEngine Engine { get; } = new();

    internal Network Network { get; } = ExampleRepresentation.Original(
        new Graph(ExampleGraphs.Short(logits: logits).Nodes, endsInFeatures), new Generator(1));

    internal ImageShape Shape => Network.Graph.InputShape;

    /// <summary>32 images to distil on, over and over, and 8 set aside.</summary>
    internal FitInputs Inputs()
    {
        var random = new Generator(7);
        float[] images = [.. RandomNetwork.Uniform(40 * Shape.Count, random).Select(value => (float)value)];
        return new(new GivenImages(Shape, images[..(32 * Shape.Count)]), images.AsMemory(32 * Shape.Count), null, null);
    }

    /// <summary>Other images, which a fit that goes on takes from where it stopped.</summary>
    internal static FitInputs Images()
    {
        var random = new Generator(4);
        byte[] pixels = [.. Enumerable.Range(0, 40 * 192).Select(_ => (byte)random.NextInt32(256))];
        return FitInputs.FromImages(
            new ImageSet(pixels, new int[40], 3, 8, 8, 4), new Normalization([0.5f, 0.5f, 0.5f], [0.3f, 0.3f, 0.3f]));
    }

    public void Dispose() => Engine.Dispose();
}
