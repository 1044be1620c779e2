using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Tests;

namespace Nern.Cli.Tests.Commands;

/// <summary>Published networks have the accuracy that they are known for.</summary>
public class PublishedNetworkTests
{
    [SkippableTheory]
    [InlineData("models/resnet20-12fca82f.th", "resnet20", "cifar10", "accuracy  91.64 % (932 of 1017)\n")]
    [InlineData("models/resnet32-cifar100.safetensors", "resnet32", "cifar100", "accuracy  69.65 % (638 of 916)\n")]
    public void Evaluate_prints_the_accuracy_of_a_published_network(string model, string architecture, string data, string expected)
    {
        using var workspace = new Workspace();
        var answer = workspace.Run(
            "evaluate", RealData.Path(model), "--architecture", architecture, "--data", $"{data}:{RealData.Path(data)}");

        Assert.Equal(new Answer(ExitCode.Success, expected, ""), answer);
    }
}
