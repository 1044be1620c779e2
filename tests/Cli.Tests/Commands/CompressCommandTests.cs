using System.Text.Json.Nodes;
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
}
