using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public CompareCommandTests()
    {
        _workspace.Fit("--no-log");
        _workspace.Run(TinyModel.FitArguments("--no-log", "--seed", "1", "--hidden", "9", "-o", "@other.nern"));
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Each_side_has_the_figures_that_evaluate_shows()
    {
        var compared = Json("@tiny.nern", "@other.nern", "--original", "@tiny.safetensors", "--data", "cifar10:@cifar");

        foreach (var (side, file) in new[] { ("first", "@tiny.nern"), ("second", "@other.nern") })
        {
            var own = JsonNode.Parse(_workspace.Run(
                "evaluate", file, "--original", "@tiny.safetensors", "--data", "cifar10:@cifar", "--json").Output)!;
            foreach (var figure in new[] { "accuracy", "agreement", "meanKl", "relativeWeightError", "images" })
                Assert.Equal((double)own[figure]!, (double)compared[side]![figure]!, 12);
            Assert.Equal(new FileInfo(_workspace.Resolve(file)).Length, (long)compared[side]!["bytes"]!);
            Assert.Equal(
                own["layers"]!.AsArray().Select(layer => (double)layer!["relativeError"]!),
                compared["layers"]!.AsArray().Select(layer => (double)layer![side]!));
        }
        Assert.True((double)compared["relativeDifference"]! > 0);
    }

    [Fact]
    public void A_file_does_not_differ_from_itself_nor_from_the_network_it_gives_back()
    {
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@again.safetensors");
        foreach (var other in new[] { "@tiny.nern", "@again.safetensors" })
        {
            var compared = Json("@tiny.nern", other, "--data", "cifar10:@cifar");

            Assert.Equal((0.0, 1.0), ((double)compared["relativeDifference"]!, (double)compared["agreement"]!));
            Assert.Null(compared["first"]!["relativeWeightError"]);
        }
    }

    [Fact]
    public void People_get_tables()
    {
        var answer = _workspace.Run("compare", "@tiny.nern", "@other.nern", "--original", "@tiny.safetensors", "--data", "cifar10:@cifar");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Matches(@"same class as the original +\d+\.\d\d % +\d+\.\d\d %", answer.Output);
        Assert.Matches(@"layer3\.0\.conv2 +36,864 +\d\.\d{4} +\d\.\d{4} +\d\.\d{4}", answer.Output);
        Assert.Contains("With --original NETWORK", _workspace.Run("compare", "@tiny.nern", "@other.nern").Output);
    }

    [Theory]
    [InlineData("is not a .nern file", "@tiny.safetensors", "@tiny.nern")]
    [InlineData("'@gone' cannot be read", "@tiny.nern", "@gone")]
    [InlineData("--original-state goes with --original.", "@tiny.nern", "@other.nern", "--original-state", "ema")]
    [InlineData("Required argument 'OTHER' missing", "@tiny.nern")]
    public void What_is_wrong_is_said(string sentence, params string[] arguments)
    {
        var answer = _workspace.Run(["compare", .. arguments]);

        Assert.Equal((ExitCode.BadInput, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(_workspace.Resolve(sentence), answer.Error);
    }

    private JsonNode Json(params string[] arguments)
    {
        var answer = _workspace.Run(["compare", "--json", .. arguments]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        return JsonNode.Parse(answer.Output)!;
    }
}
