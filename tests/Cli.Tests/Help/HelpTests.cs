using System.Runtime.CompilerServices;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Help;

/// <summary>The help of every command is what stands in the text file beside this one.</summary>
public class HelpTests
{
    [Theory]
    [InlineData("nern")]
    [InlineData("demo")]
    [InlineData("train")]
    [InlineData("fit")]
    [InlineData("compress")]
    [InlineData("prune")]
    [InlineData("recipe")]
    [InlineData("reconstruct")]
    [InlineData("evaluate")]
    [InlineData("info")]
    [InlineData("importance")]
    [InlineData("compare")]
    [InlineData("picture")]
    [InlineData("report")]
    [InlineData("sweep")]
    [InlineData("data")]
    [InlineData("data get")]
    [InlineData("data show")]
    [InlineData("bench")]
    [InlineData("bench step")]
    [InlineData("bench order")]
    [InlineData("bench reconstruct")]
    public void Help_is_as_accepted(string command)
    {
        using var workspace = new Workspace();
        var answer = workspace.Run(command == "nern" ? ["--help"] : [.. command.Split(' '), "--help"]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));

        var accepted = Path.Combine(Folder(), $"{command.Replace(' ', '-')}.txt");
        var received = Path.ChangeExtension(accepted, ".received.txt");
        if (File.Exists(accepted) && File.ReadAllText(accepted) == answer.Output)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, answer.Output);
        Assert.Fail($"The help of {command} has changed. If it is meant to: mv '{received}' '{accepted}'");
    }

    [Fact]
    public void No_line_of_help_is_longer_than_a_hundred_letters()
    {
        using var workspace = new Workspace();
        string[] commands =
        [
            "demo", "train", "fit", "prune", "recipe", "reconstruct", "evaluate", "info", "importance", "compare", "picture", "report", "sweep",
            "data", "data get", "data show",
            "bench", "bench step", "bench order", "bench reconstruct",
        ];
        foreach (var command in commands)
            Assert.All(
                workspace.Run([.. command.Split(' '), "--help"]).Output.Split('\n')
                    .Where(line => !line.StartsWith("  nern ", StringComparison.Ordinal)),
                line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Version_is_one_line()
    {
        using var workspace = new Workspace();
        Assert.Matches(@"^nern \d+\.\d+\.\d+\n$", workspace.Run("--version").Output);
    }

    // The sources, not the build output: there the received text is to be found and accepted.
    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
