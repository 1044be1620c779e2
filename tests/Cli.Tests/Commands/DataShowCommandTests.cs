using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class DataShowCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("shapes", "--columns 3 --scale 1", "10 classes of 10,000 images, 104 x 342 pixels")]
    [InlineData("shapes", "--columns 1 --test", "10 classes of 2,000 images, 68 x 662 pixels")]
    [InlineData("cifar10:@cifar", "", "10 classes of 64 images, 794 x 662 pixels")]
    public void Show_writes_a_picture_and_says_what_is_in_it(string source, string options, string expected)
    {
        var answer = _workspace.Run(
            ["data", "show", source, "-o", "@sheet.png", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal($"Wrote {_workspace.Path("sheet.png")}: {expected}.\n", answer.Output);
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(_workspace.Path("sheet.png"))[1..4]);
    }

    [Theory]
    [InlineData("shapes:x", "--columns 1", "shapes and nothing more")]
    [InlineData("shapes", "--columns 0", "--columns must be from 1 to 1000; got 0.")]
    [InlineData("shapes", "--scale 1001", "--scale must be from 1 to 1000; got 1001.")]
    [InlineData("shapes", "--columns 1000 --scale 1000", "A picture may have")]
    public void Show_refuses_what_it_cannot_draw(string source, string options, string sentence)
    {
        var answer = _workspace.Run(["data", "show", source, "-o", "@sheet.png", .. options.Split(' ')]);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(sentence, answer.Error);
        Assert.DoesNotContain("sheet.png", _workspace.Files);
    }
}
