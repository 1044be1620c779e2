using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Data;

namespace Nern.Cli.Tests.Commands;

public sealed partial class EvaluateCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Fit_evaluate_and_the_reconstructed_network_agree_on_the_accuracy()
    {
        var fit = _workspace.Fit();
        var representation = _workspace.Run("evaluate", "@tiny.nern", "--data", "cifar10:@cifar");
        var reconstruct = _workspace.Run("reconstruct", "@tiny.nern", "-o", "@again.safetensors");
        var network = _workspace.Run(
            "evaluate", "@again.safetensors", "--data", "cifar10:@cifar", "--architecture", TinyModel.Architecture);

        Assert.Equal((ExitCode.Success, ExitCode.Success), (reconstruct.ExitCode, network.ExitCode));
        Assert.Equal(representation, network);
        // The last accuracy that fit prints is the one in its table, right of the original's.
        Assert.Equal(AccuracyPattern().Matches(fit.Output)[^1].Value, AccuracyPattern().Match(representation.Output).Value);
    }

    [Fact]
    public void Built_in_pictures_need_no_files()
    {
        var answer = _workspace.Run(
            "evaluate", "@tiny.safetensors", "--data", "shapes", "--architecture", TinyModel.Architecture, "--json");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(ShapeImages.TestCount, JsonNode.Parse(answer.Output)!["images"]!.GetValue<int>());
    }

    [Fact]
    public void The_original_agrees_with_itself()
    {
        var answer = _workspace.Run(
            "evaluate", "@tiny.safetensors", "--data", "cifar10:@cifar", "--architecture", TinyModel.Architecture, "--original",
            "@tiny.safetensors", "--json");

        var json = JsonNode.Parse(answer.Output)!;
        Assert.Equal(1, json["agreement"]!.GetValue<double>());
        Assert.Equal(0, json["meanKl"]!.GetValue<double>());
        Assert.Equal(0, json["expectedLoss"]!.GetValue<double>());
        Assert.Equal(0, json["relativeWeightError"]!.GetValue<double>());
        Assert.Equal(TinyModel.Images, json["images"]!.GetValue<int>());
    }

    [Fact]
    public void What_the_original_expects_to_be_lost_needs_no_labels()
    {
        _workspace.Fit();
        string[] compare = ["evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.safetensors"];

        var json = JsonNode.Parse(_workspace.Run([.. compare, "--json"]).Output)!;
        var expected = json["expectedLoss"]!.GetValue<double>();

        Assert.NotEqual(1, json["agreement"]!.GetValue<double>());
        Assert.InRange(expected, 1e-6, 1 - json["agreement"]!.GetValue<double>());
        Assert.Contains($", {Figures.Fixed(100 * expected, 2)} points expected to be lost\n", _workspace.Run(compare).Output);
    }

    [Fact]
    public void Evaluate_shows_the_weight_error_of_each_layer()
    {
        _workspace.Fit();
        var answer = _workspace.Run("evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.safetensors");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("agreement", answer.Output);
        Assert.Matches(@"layer3\.0\.conv2 +36,864 +\d\.\d{4}", answer.Output);
        Assert.Matches(@"all +\d+,\d+ +\d\.\d{4}", answer.Output);
    }

    [Fact]
    public void Another_original_than_the_fitted_one_is_noted()
    {
        _workspace.Fit();
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@other.safetensors");
        var answer = _workspace.Run("evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@other.safetensors");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.Contains("is not the file that the representation was fitted to (tiny.safetensors)", answer.Error);
    }

    [Fact]
    public void Images_are_normalised_as_in_the_fit()
    {
        _workspace.Fit("--mean", "0.9,0.1,0.5", "--std", "0.1,0.4,0.2");
        var asFitted = _workspace.Run("evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.safetensors", "--json");
        var said = _workspace.Run(
            "evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.safetensors", "--json", "--mean", "0.9,0.1,0.5",
            "--std", "0.1,0.4,0.2");
        var other = _workspace.Run(
            "evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--original", "@tiny.safetensors", "--json", "--mean", "0.5,0.5,0.5",
            "--std", "0.2,0.2,0.2");

        Assert.Equal(asFitted.Output, said.Output);
        Assert.NotEqual(asFitted.Output, other.Output);
    }

    [GeneratedRegex(@"\d+\.\d\d % \(\d+ of 64\)(?= *\n *agreement|\s*$)")]
    private static partial Regex AccuracyPattern();
}
