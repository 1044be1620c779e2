using System.Reflection;
using System.Runtime.CompilerServices;
using Nern.Data;
using Nern.Evaluation;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;

namespace Nern.Tests;

public class QuickstartTests
{
    [Fact]
    public void Readme_shows_the_code_of_the_sample()
    {
        var root = Root();
        var sample = File.ReadAllText(Path.Combine(root, "samples", "Quickstart", "Program.cs"));
        var code = sample[sample.IndexOf("using var engine", StringComparison.Ordinal)..];
        Assert.Contains($"```csharp\n{code}```", File.ReadAllText(Path.Combine(root, "README.md")));
    }

    [SkippableFact]
    public void Sample_fits_saves_and_reconstructs_a_real_network()
    {
        var network = RealData.Path("models/resnet20-12fca82f.th");
        var images = RealData.Path("cifar10");
        using var folder = new TemporaryFolder();
        var output = folder.File("resnet20.nern");
        var sample = Assembly.Load("Quickstart").EntryPoint!;
        sample.Invoke(null, [new[] { network, $"cifar10:{images}", "0.02", output }]);

        using var engine = new CpuEngine();
        var back = NetworkFile.Load(folder.File("resnet20.safetensors"), CifarResNet.Build(20));
        using var classifier = new Classifier(engine, back);
        var test = CifarReader.ReadTest(images, CifarFormat.Cifar10).Range(0, 64);
        Assert.All(classifier.Logits(test, Normalization.ImageNet), logit => Assert.True(float.IsFinite(logit)));
    }

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
