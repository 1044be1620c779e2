using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Compression;
using Nern.Evaluation;
using Nern.Kernels;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;
using Nern.Orderings;
using Nern.Tensors;

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
        Assert.Equal(Of("file"), Of("predictor") + Of("means") + Of("orderings") + Of("unpredicted") + Of("onnx") + Of("header"));
        Assert.Equal(4 * json["predictor"]!["parameters"]!.GetValue<long>(), Of("predictor"));
        Assert.Equal(new FileInfo(_workspace.Path("tiny.safetensors")).Length, Of("original"));
        Assert.InRange(Of("idealOrderings"), 1, Of("orderings"));
        Assert.Equal("stored", json["predictor"]!["filterMeans"]!.GetValue<string>());
        Assert.True(Of("means") > 0);
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
        Assert.Matches(@"orders of the kernels +0 +0\.00 %", answer.Output);
        Assert.Matches(@"layer3\.0\.conv2 +4,096 +0\.\d{4} +0\.\d{4} +0\.\d{4}", answer.Output);
    }

    [Fact]
    public void The_whole_file_is_held_against_its_original_by_other_means()
    {
        _workspace.Fit();
        var network = NetworkFile.Load(_workspace.Path("tiny.safetensors"), CifarResNet.Build(8));
        var (sizes, file) = (UsualSizes.Of(network), new FileInfo(_workspace.Path("tiny.nern")).Length);

        var without = _workspace.Run("info", "@tiny.nern");
        var with = _workspace.Run("info", "@tiny.nern", "--original", "@tiny.safetensors");
        var json = JsonNode.Parse(_workspace.Run("info", "@tiny.nern", "--original", "@tiny.safetensors", "--json").Output)!["bytes"]!;

        Assert.Equal((ExitCode.Success, ""), (with.ExitCode, with.Error));
        foreach (var (name, bytes) in sizes.Rows)
            Assert.Matches($"{name} +{bytes:N0} +{100.0 * file / bytes:F2} %", with.Output);
        Assert.Equal(3, sizes.Rows.Count());
        Assert.Matches($"float16, numbers alone +{sizes.Float16:N0} ", without.Output);
        Assert.DoesNotMatch($"{UsualSizes.Int8Name} +[0-9]", without.Output);
        Assert.Contains("With --original NETWORK", without.Output);
        Assert.Equal(
            (sizes.Float32, sizes.Float16, sizes.Int8),
            (Of("originalFloat32"), Of("originalFloat16"), Of("originalInt8Lzma")));

        long Of(string name) => json[name]!.GetValue<long>();
    }

    [Fact]
    public void Only_a_representation_has_an_original()
    {
        var answer = _workspace.Run("info", "@tiny.safetensors", "--original", "@tiny.safetensors");

        Assert.NotEqual(ExitCode.Success, answer.ExitCode);
        Assert.Contains("leave out --original", answer.Error);
        _workspace.Fit();
        Assert.Contains("goes with --original", _workspace.Run("info", "@tiny.nern", "--original-state", "x").Error);
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

    [Theory]
    [InlineData("@tiny.nern", "@tiny.again.safetensors")]
    [InlineData("@tiny.safetensors", "@tiny.safetensors")]
    public void The_smoothness_is_that_of_the_networks_convolutions_in_every_order(string file, string network)
    {
        _workspace.Fit();
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@tiny.again.safetensors");
        var expected = NetworkFile.Load(_workspace.Resolve(network), CifarResNet.Build(8));
        var layers = LearnableLayer.AllOf(expected.Graph);

        var json = JsonNode.Parse(_workspace.Run("info", file, "--json").Output)!["smoothness"]!;

        Assert.Equal(layers.Select(layer => layer.Name), json["layers"]!.AsArray().Select(layer => layer!["name"]!.GetValue<string>()));
        foreach (var (name, kind) in new[]
            { ("none", OrderingKind.None), ("in-filter", OrderingKind.InFilter), ("cross-filter", OrderingKind.CrossFilter) })
        {
            var smoothness = Smoothness.OfLayers(expected, layers, kind);
            Assert.Equal(
                smoothness.Select(layer => layer.Sum),
                json["layers"]!.AsArray().Select(layer => layer!["sum"]![name]!.GetValue<double>()));
            Assert.Equal(Smoothness.Total(smoothness).Mean, json["meanDistance"]![name]!.GetValue<double>());
            Assert.Equal(Smoothness.Total(smoothness).Sum, json["sum"]![name]!.GetValue<double>());
        }
        Assert.Equal(layers.Sum(layer => layer.Kernels), json["kernels"]!.GetValue<int>());
    }

    [Fact]
    public void The_smoothness_of_all_layers_is_the_last_row()
    {
        var answer = _workspace.Run("info", "@tiny.safetensors");

        Assert.Matches(@"layer +kernels +own order +in-filter +cross-filter", answer.Output);
        Assert.Matches(@"\n  all +[\d,]+ +\d\.\d{4} +0\.\d{4} +0\.\d{4} *\n", answer.Output);
        Assert.Matches(@"pairs of neighbours, in their own order, sum to \d+\.\d ", answer.Output);
    }

    [Fact]
    public void A_checkpoint_without_convolutions_has_no_smoothness()
    {
        SafetensorsWriter.Save(
            _workspace.Path("linear.safetensors"), [KeyValuePair.Create("linear.weight", Tensor.From([2, 3], new float[6]))]);

        Assert.DoesNotContain("neighbour", _workspace.Run("info", "@linear.safetensors").Output);
        Assert.Null(JsonNode.Parse(_workspace.Run("info", "@linear.safetensors", "--json").Output)!["smoothness"]);
    }

    [Fact]
    public void A_weight_that_is_no_number_does_not_hide_the_rest()
    {
        var broken = new float[36];
        broken[7] = float.PositiveInfinity;
        SafetensorsWriter.Save(_workspace.Path("broken.safetensors"),
            [
                KeyValuePair.Create("a.weight", Tensor.From([2, 2, 3, 3], broken)),
                KeyValuePair.Create("b.weight", Tensor.From([2, 2, 3, 3], new float[36]))]);

        var answer = _workspace.Run("info", "@broken.safetensors");
        var json = JsonNode.Parse(_workspace.Run("info", "@broken.safetensors", "--json").Output)!["smoothness"]!;

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Matches(@"a +4 +NaN +NaN +NaN", answer.Output);
        Assert.Matches(@"b +4 +1\.0000 +1\.0000 +1\.0000", answer.Output);
        Assert.Null(json["layers"]![0]!["meanDistance"]!["cross-filter"]);
        Assert.Equal(1, json["layers"]![1]!["meanDistance"]!["cross-filter"]!.GetValue<double>());
    }
}
