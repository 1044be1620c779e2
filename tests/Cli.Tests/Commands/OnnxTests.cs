using System.Text.Json.Nodes;
using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;

namespace Nern.Cli.Tests.Commands;

/// <summary>An ONNX model through the commands.</summary>
public sealed class OnnxTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public OnnxTests() => NetworkFile.Save(
        _workspace.Path("tiny.onnx"), NetworkFile.Load(_workspace.Path("tiny.safetensors"), CifarResNet.Build(8)));

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_model_needs_no_architecture_and_comes_back_as_a_model()
    {
        Succeed(
            "fit", "@tiny.onnx", "--data", "cifar10:@cifar", "--steps", "3", "--hidden", "8", "--batch", "8", "--kernels", "64",
            "-o", "@tiny.nern");
        Succeed("reconstruct", "@tiny.nern", "-o", "@again.onnx");

        var (represented, again) = (Evaluate("@tiny.nern"), Evaluate("@again.onnx"));
        Assert.Equal((int)represented["correct"]!, (int)again["correct"]!);
        Assert.Contains("rest of the ONNX model", Succeed("info", "@tiny.nern"), StringComparison.Ordinal);
        Assert.Contains("layer3.0.conv1", Succeed("info", "@again.onnx"), StringComparison.Ordinal);
        Assert.Contains(
            "agreement",
            Succeed("evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.onnx"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("again.pth")]
    [InlineData("again.onnx")]
    [InlineData("again.safetensors")]
    public void The_ending_says_what_is_written(string name)
    {
        _workspace.Fit();
        Succeed("reconstruct", "@tiny.nern", "-o", $"@{name}");

        var expected = _workspace.Path("expected.safetensors");
        Succeed("reconstruct", "@tiny.nern", "-o", expected);
        var tensors = Checkpoint.Read(expected).Tensors;
        var written = NetworkFile.Load(_workspace.Path(name), CifarResNet.Build(8)).Tensors;
        foreach (var (weight, tensor) in written)
            Assert.True(tensors[weight].Data.Span.SequenceEqual(tensor.Data.Span), weight);
    }

    [Fact]
    public void An_architecture_beside_a_model_is_refused()
    {
        var answer = _workspace.Run("evaluate", "@tiny.onnx", "--data", "cifar10:@cifar", "--architecture", "resnet8");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Equal(
            $"nern: '{_workspace.Path("tiny.onnx")}' is an ONNX model, which holds its architecture: leave out --architecture.\n",
            answer.Error);
    }

    private JsonObject Evaluate(string file) =>
        JsonNode.Parse(Succeed("evaluate", file, "--data", "cifar10:@cifar", "--json"))!.AsObject();

    private string Succeed(params string[] arguments)
    {
        var answer = _workspace.Run(arguments);
        Assert.True(answer.ExitCode == ExitCode.Success, answer.Error);
        return answer.Output;
    }
}
