using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Cli.Tests.Commands;

/// <summary>An ONNX model that ends in features through the commands.</summary>
public sealed class FeaturesTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public FeaturesTests()
    {
        var network = NetworkFile.Load(_workspace.Path("tiny.safetensors"), CifarResNet.Build(8));
        // Without its last layer; images have more classes than such features would tell apart.
        var nodes = network.Graph.Nodes.SkipLast(1).ToList();
        nodes.Add(new Slice("first", [nodes.Count - 1], new Extent(0, 6), new Extent(0, 1), new Extent(0, 1)));
        NetworkFile.Save(_workspace.Path("features.onnx"), new Network(
            new Graph(nodes), [.. network.Tensors.Where(tensor => !tensor.Key.StartsWith("linear.", StringComparison.Ordinal))]));
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void They_are_fitted_and_compared_by_cosine_and_relative_error()
    {
        var fitted = Succeed(Fit("--features", "--report", "@fit.json"));
        Assert.Contains("cosine of features", fitted);
        Assert.Contains("validation error", fitted);
        Assert.DoesNotContain("accuracy", fitted);
        var evaluation = JsonNode.Parse(Succeed(["evaluate", "@features.nern", .. Data, "--original", "@features.onnx", "--json"]))!;
        var report = JsonNode.Parse(File.ReadAllText(_workspace.Path("fit.json")))!["result"]!["features"]!;
        Assert.Equal(((double)report["cosine"]!, (double)report["relativeError"]!, TinyModel.Images),
            ((double)evaluation["cosine"]!, (double)evaluation["relativeError"]!, (int)evaluation["images"]!));
        Assert.Null(evaluation["accuracy"]);

        Succeed("reconstruct", "@features.nern", "-o", "@again.onnx");
        var compared = JsonNode.Parse(Succeed(
            ["compare", "@features.nern", "@again.onnx", .. Data, "--original", "@features.onnx", "--json"]))!;
        Assert.Equal(1, (double)compared["cosine"]!, 1e-9);
        Assert.Equal((double)evaluation["cosine"]!, (double)compared["first"]!["cosine"]!, 1e-9);

        Succeed(["report", "@features.nern", .. Data, "--original", "@features.onnx", "-o", "@page.html"]);
        var page = File.ReadAllText(_workspace.Path("page.html"));
        Assert.Contains("yields 6 features", page);
        Assert.Contains($"The features of {TinyModel.Images} test images", page);
        Assert.Contains("6 features", Succeed("info", "@features.nern"));
    }

    [Fact]
    public void What_tells_no_classes_apart_is_not_read_as_if_it_did()
    {
        Refuse("The network tells 6 classes apart; the images have 10.", Fit());
        Refuse("the network ends in features", Fit("--features", "--size", "50%"));
        Refuse("--original says which network's to compare them with", ["evaluate", "@features.onnx", .. Data, "--features"]);
        Refuse("is no ONNX model: leave out --features.",
            ["evaluate", "@tiny.safetensors", "--architecture", "resnet8", .. Data, "--features"]);
    }

    private static string[] Data => ["--data", "cifar10:@cifar", "--mean", "0.5,0.5,0.5", "--std", "0.25"];

    private static string[] Fit(params string[] more) =>
        ["fit", "@features.onnx", .. Data, "--steps", "3", "--hidden", "8", "--batch", "8", "--kernels", "64", "-o", "@features.nern", .. more];

    private string Succeed(params string[] arguments)
    {
        var answer = _workspace.Run(arguments);
        Assert.True(answer.ExitCode == ExitCode.Success, answer.Error);
        return answer.Output;
    }

    private void Refuse(string problem, string[] arguments)
    {
        var answer = _workspace.Run(arguments);
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(problem, answer.Error);
        Assert.False(File.Exists(_workspace.Path("features.nern")));
    }
}
