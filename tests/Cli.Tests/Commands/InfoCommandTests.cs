using System.Text.Json.Nodes;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class InfoCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_parts_of_a_representation_add_up_to_its_file()
    {
        _workspace.Fit();
        var answer = _workspace.Run("info", "@tiny.nern", "--json");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var json = JsonNode.Parse(answer.Output)!;
        var bytes = json["bytes"]!;
        long Of(string part) => bytes[part]!.GetValue<long>();
        Assert.Equal(new FileInfo(_workspace.Path("tiny.nern")).Length, Of("file"));
        Assert.Equal(Of("file"), Of("predictor") + Of("orderings") + Of("unpredicted") + Of("header"));
        Assert.Equal(4 * json["predictor"]!["parameters"]!.GetValue<long>(), Of("predictor"));
        Assert.Equal(new FileInfo(_workspace.Path("tiny.safetensors")).Length, Of("original"));
        Assert.InRange(Of("idealOrderings"), 1, Of("orderings"));
        Assert.Equal("cross-filter", json["predictor"]!["ordering"]!.GetValue<string>());
        Assert.Equal(8, json["options"]!["hidden"]!.GetValue<int>());
    }

    [Fact]
    public void A_representation_is_told_in_words()
    {
        _workspace.Fit("--ordering", "none");
        var answer = _workspace.Run("info", "@tiny.nern");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("240 - 8 - 8 - 8 - 8 - 9", answer.Output);
        Assert.Contains("3x32x32 to 10 classes", answer.Output);
        Assert.Contains("fitted to  tiny.safetensors", answer.Output);
        Assert.Matches(@"orderings +0 +0\.00 %", answer.Output);
    }

    [Fact]
    public void A_checkpoint_is_a_list_of_tensors()
    {
        var answer = _workspace.Run("info", "@tiny.safetensors");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Matches(@"conv1\.weight +float32 +\[16, 3, 3, 3\] +432", answer.Output);
        Assert.Contains("tensors of", answer.Output);
        var json = JsonNode.Parse(_workspace.Run("info", "@tiny.safetensors", "--json").Output)!;
        Assert.Equal("conv1.weight", json["tensors"]![0]!["name"]!.GetValue<string>());
        Assert.Equal([16, 3, 3, 3], json["tensors"]![0]!["shape"]!.AsArray().Select(dimension => dimension!.GetValue<int>()));
    }
}
