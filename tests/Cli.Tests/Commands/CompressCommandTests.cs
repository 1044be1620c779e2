using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Compression;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;

namespace Nern.Cli.Tests.Commands;

public sealed class CompressCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void What_was_compressed_is_held_against_its_original_by_other_means()
    {
        var answer = _workspace.Run(
            "compress", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--data", "cifar10:@cifar", "--size", "10%",
            "--steps", "3", "--batch", "8", "-o", "@small.nern", "--report", "@report.json");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var sizes = UsualSizes.Of(NetworkFile.Load(_workspace.Path("tiny.safetensors"), CifarResNet.Build(8)));
        var file = new FileInfo(_workspace.Path("small.nern")).Length;
        Assert.Equal(3, sizes.Rows.Count());
        foreach (var (name, bytes) in sizes.Rows)
            Assert.Matches($"{name} +{bytes:N0} bytes +{100.0 * file / bytes:F2} % of it", answer.Output);
        var json = JsonNode.Parse(File.ReadAllText(_workspace.Path("report.json")))!;
        Assert.Equal(sizes.Int8, json["originalInt8Lzma"]!.GetValue<long>());
    }

    [Fact]
    public void A_size_that_loses_little_is_found_and_said()
    {
        var answer = _workspace.Run(
            "compress", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--data", "cifar10:@cifar", "--within", "30",
            "--steps", "8", "--batch", "8", "-o", "@small.nern");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var smallest = Regex.Matches(answer.Output, "^([0-9,]+) bytes: [0-9.]+ points are expected to be lost, few enough.$", RegexOptions.Multiline)
            .Min(match => int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.InRange(new FileInfo(_workspace.Path("small.nern")).Length, 1, smallest);
        Assert.Matches("expected loss \\(validation\\) +[0-9.]+ points", answer.Output);
        Assert.False(File.Exists(_workspace.Path("small.nern.sizes.checkpoint")));
    }

    [Theory]
    [InlineData("--within looks for a size", "--within", "1", "--size", "5%")]
    [InlineData("--within takes points from 0 to 100; got -1", "--within=-1")]
    public void What_cannot_be_looked_for_is_refused(string message, params string[] options)
    {
        var answer = _workspace.Run(
            ["compress", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--data", "cifar10:@cifar", "-o", "@small.nern", .. options]);
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(message, answer.Error);
    }
}
