using System.Runtime.InteropServices;
using Nern.Engine;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;

namespace Nern.Bench;

/// <summary>
/// Holds our logits against PyTorch's for the networks that peer/export.py left in a folder, through builders and through ONNX.
/// </summary>
internal static class Agreement
{
    private static readonly Dictionary<string, Func<Graph>> Builders = new()
    {
        ["resnet20"] = () => CifarResNet.Build(20),
        ["resnet18"] = () => ResNet.Build(18, Classes),
        ["resnet34"] = () => ResNet.Build(34, Classes),
        ["resnet50"] = () => ResNet.Build(50, Classes),
        ["squeezenet1_0"] = () => SqueezeNet.Build(lighter: false, Classes),
        ["squeezenet1_1"] = () => SqueezeNet.Build(lighter: true, Classes),
        ["vgg11_bn"] = () => Vgg.Build(11, Classes),
        ["vgg16_bn"] = () => Vgg.Build(16, Classes),
        ["mobilenet_v2"] = () => MobileNetV2.Build(Classes),
    };

    private const int Classes = 10;

    /// <summary>Prints "FILE, tab, error" for each: the largest difference as a share of the largest logit.</summary>
    internal static void Run(string folder, string name)
    {
        using var engine = new CpuEngine();
        string File(string suffix) => Path.Combine(folder, name + suffix);
        var (images, expected) = (Floats(File(".images")), Floats(File(".logits")));
        foreach (var model in new[] { ".onnx", ".plain.onnx" })
        {
            var network = NetworkFile.Load(File(model));
            Console.WriteLine($"{name}{model}\t{Error(engine, network, images, expected):0.0e+0}");
        }
        if (!Builders.TryGetValue(name, out var build))
            return;
        var built = NetworkFile.Load(File(".pth"), build());
        Console.WriteLine($"{name}.pth\t{Error(engine, built, images, expected):0.0e+0}");
    }

    private static double Error(CpuEngine engine, Network network, float[] images, float[] expected)
    {
        using var plan = NetworkPlan.Inference(engine, network, images.Length / network.Graph.InputShape.Count, Precision.Float32);
        images.CopyTo(plan.Images);
        plan.Forward();
        var error = 0f;
        foreach (var (i, logit) in expected.Index())
            error = Math.Max(error, Math.Abs(plan.Logits[i] - logit));
        return error / expected.Max(Math.Abs);
    }

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
