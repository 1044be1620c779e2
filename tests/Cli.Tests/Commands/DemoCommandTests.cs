using System.Globalization;
using System.Text.RegularExpressions;
using Nern.Cli.Commands;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Representation;

namespace Nern.Cli.Tests.Commands;

public sealed partial class DemoCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_demo_goes_the_whole_way_and_leaves_its_files()
    {
        var answer = _workspace.Run("demo", "-o", "@demo", "--minutes", "0.01");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var folder = _workspace.Path("demo");
        foreach (var command in new[] { "fit", "reconstruct", "picture" })
            Assert.Contains($"$ nern {command} {folder}/", answer.Output);
        foreach (var file in new[] { "resnet20.safetensors", "resnet20.nern", "reconstructed.safetensors", "kernels.png" })
            Assert.True(File.Exists(Path.Combine(folder, file)), file);
        Assert.True(NernFile.IsNern(Path.Combine(folder, "resnet20.nern")));
        Assert.Contains("What to try next:", answer.Output);

        // The bundled network knows the built-in pictures: their bytes and its are those of its training.
        var accuracy = double.Parse(OriginalAccuracy().Match(answer.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(accuracy, 95, 99);
    }

    [Fact]
    public void The_bundled_network_is_about_a_megabyte() =>
        Assert.InRange(new FileInfo(DemoCommand.Original).Length, 1_000_000, 1_200_000);

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        _workspace.Write("taken", [1]);
        var answer = _workspace.Run("demo", "-o", "@taken");
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("taken' could not be made as a folder: ", answer.Error);
    }

    [GeneratedRegex(@"original: accuracy ([0-9.]+) %")]
    private static partial Regex OriginalAccuracy();
}
