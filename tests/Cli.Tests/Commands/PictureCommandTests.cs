using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class PictureCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public PictureCommandTests() => _workspace.Fit();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("", "layer1.0.conv1, 16 filters, 16 channels, 724 x 311 pixels")]
    [InlineData("--ordered", "layer1.0.conv1, 16 filters, 16 channels, 724 x 311 pixels")]
    [InlineData("--layer layer3.0.conv1 --scale 1", "layer3.0.conv1, 32 of 64 filters, 32 channels, 436 x 215 pixels")]
    [InlineData("--layer conv1 --most 2 --scale 1", "conv1, 2 of 16 filters, 2 of 3 channels, 344 x 95 pixels")]
    public void Picture_says_what_it_shows(string options, string expected)
    {
        var answer = Run(options);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal($"Wrote {_workspace.Path("kernels.png")}: {expected}.\n", answer.Output);
        Assert.Contains("kernels.png", _workspace.Files);
    }

    [Theory]
    [InlineData("--layer layer1.0.conv3", "did you mean 'layer1.0.conv1'?")]
    [InlineData("--most 0", "--most must be from 1 to 1000; got 0.")]
    public void Picture_refuses_what_it_cannot_show(string options, string sentence)
    {
        var answer = Run(options);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(sentence, answer.Error);
        Assert.DoesNotContain("kernels.png", _workspace.Files);
    }

    [Fact]
    public void Picture_does_not_replace_what_it_reads()
    {
        foreach (var file in new[] { "@tiny.nern", "@tiny.safetensors" })
            Assert.Contains(
                "it is the file that is read",
                _workspace.Run("picture", "@tiny.nern", "--original", "@tiny.safetensors", "-o", file).Error);
    }

    private Answer Run(string options) => _workspace.Run(
        ["picture", "@tiny.nern", "--original", "@tiny.safetensors", "-o", "@kernels.png",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
