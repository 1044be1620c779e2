using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Tests.Engine.Reference;
using Nern.Training;

namespace Nern.Tests.Training;

/// <summary>A small network, and pictures of 8x8 pixels whose four classes are told apart by where they are bright.</summary>
internal sealed class TrainCase : IDisposable
{
    private static readonly Normalization Normalization = new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]);

    internal static readonly TrainOptions Options = new()
    {
        Epochs = 3,
        Batch = 8,
        Optimizer = new() { LearningRate = 0.05 },
        Augmentation = new() { Crop = 0, Flip = false },
        Validation = 16,
        Precision = Precision.Float32,
        Seed = 3,
    };

    internal CpuEngine Engine { get; } = new();

    internal Graph Graph { get; } = ExampleGraphs.Build("residual B");

    internal static TrainInputs Inputs(ulong seed = 1, int classes = 4) =>
        new(Pictures(128, seed, classes), Normalization, Pictures(64, seed + 1, classes));

    internal Trainer Trainer(TrainOptions options, UnfinishedTraining? resume = null) =>
        new(Engine, Graph, Inputs(), options, resume) { ReportInterval = default };

    /// <summary>All values of the network that a training keeps.</summary>
    internal float[] Train(TrainOptions options, UnfinishedTraining? resume = null)
    {
        using var trainer = Trainer(options, resume);
        return Values(trainer.Run().Best);
    }

    internal static float[] Values(Network network) => [.. network.Tensors.Keys.SelectMany(network.Values)];

    public void Dispose() => Engine.Dispose();

    private static ImageSet Pictures(int count, ulong seed, int classes)
    {
        var random = new Generator(seed);
        var (pixels, labels) = (new byte[count * 192], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var quarter = random.NextInt32(4);
            labels[i] = quarter * classes / 4;
            for (var p = 0; p < 192; p++)
            {
                var (row, column) = (p % 64 / 8, p % 8);
                var bright = (row / 4 * 2) + (column / 4) == quarter;
                pixels[(i * 192) + p] = (byte)((bright ? 120 : 60) + random.NextInt32(100));
            }
        }
        return new(pixels, labels, 3, 8, 8, classes);
    }
}
