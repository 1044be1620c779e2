using Nern.Checkpoints.Safetensors;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Tensors;

namespace Nern.Cli.Tests.Support;

/// <summary>A ResNet-8 with random tensors and 64 random images: enough to run every command in a moment.</summary>
internal static class TinyModel
{
    internal const string Architecture = "resnet8";
    internal const int Images = 64;

    /// <summary>Writes tiny.safetensors and the folder cifar into <paramref name="workspace"/>.</summary>
    internal static Workspace AddTinyModel(this Workspace workspace)
    {
        SafetensorsWriter.Save(workspace.Path("tiny.safetensors"), Tensors(CifarResNet.Build(8)));
        workspace.Write("cifar/data_batch_1.bin", Records(seed: 1));
        workspace.Write("cifar/test_batch.bin", Records(seed: 2));
        return workspace;
    }

    /// <summary>Fits the model in three steps, to <c>@tiny.nern</c>.</summary>
    internal static Answer Fit(this Workspace workspace, params string[] more) =>
        workspace.Run(FitArguments(["-o", "@tiny.nern", .. more]));

    /// <summary>A short fit without its output; what <paramref name="more"/> says comes first.</summary>
    internal static string[] FitArguments(params string[] more)
    {
        string[][] usual =
        [
            ["--architecture", Architecture], ["--data", "cifar10:@cifar"], ["--steps", "3"], ["--hidden", "8"], ["--batch", "8"],
            ["--kernels", "64"],
        ];
        return ["fit", "@tiny.safetensors", .. usual.Where(option => !more.Contains(option[0])).SelectMany(option => option), .. more];
    }

    /// <summary>Random values for all parameters of <paramref name="graph"/>.</summary>
    internal static List<KeyValuePair<string, Tensor>> Tensors(Graph graph)
    {
        var generator = new Generator(7);
        return [.. graph.Parameters.Select(parameter =>
        {
            var count = parameter.Shape.Aggregate(1, (product, dimension) => product * dimension);
            // Variances and scales of batch normalisation are near 1, everything else is small.
            var positive = parameter.Shape.Length == 1 && parameter.Name.Split('.')[^1] is "weight" or "running_var";
            var values = new float[count];
            foreach (ref var value in values.AsSpan())
                value = (float)(positive ? 1 + (0.1 * generator.NextDouble()) : 0.2 * generator.NextNormal());
            return KeyValuePair.Create(parameter.Name, Tensor.From(parameter.Shape, values));
        })];
    }

    /// <summary>CIFAR-10 records with random pixels.</summary>
    internal static byte[] Records(ulong seed)
    {
        var generator = new Generator(seed);
        var records = new byte[Images * 3073];
        for (var i = 0; i < records.Length; i++)
            records[i] = (byte)generator.NextInt32(i % 3073 == 0 ? 10 : 256);
        return records;
    }
}
