using Nern.Cli.Help;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void Every_option_of_every_command_is_in_its_help()
    {
        using var workspace = new Workspace();
        var root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null));
        foreach (var command in root.Subcommands.Concat(root.Subcommands.SelectMany(command => command.Subcommands)))
        {
            var help = workspace.Run([.. CommandPath.Of(command).Split(' ')[1..], "--help"]).Output;
            Assert.All(command.Options, option => Assert.Contains(option.Name, help));
            // What must be given is on the usage line, under its shortest name.
            Assert.All(command.Options.Where(option => option.Required), option => Assert.Contains(
                option.Aliases.Append(option.Name).MinBy(name => name.Length)!, help.Split('\n')[0]));
        }
    }

    [Fact]
    public void No_command_has_two_options_of_one_name()
    {
        var root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null));
        foreach (var command in root.Subcommands.Concat(root.Subcommands.SelectMany(command => command.Subcommands)))
            Assert.Empty(command.Options.SelectMany(option => option.Aliases.Append(option.Name)).CountBy(name => name)
                .Where(name => name.Value > 1).Select(name => $"{command.Name} {name.Key}"));
    }

    [Fact]
    public void Help_wins_over_whatever_is_missing()
    {
        using var workspace = new Workspace();
        Assert.Equal(ExitCode.Success, workspace.Run("fit", "-h").ExitCode);
        Assert.Equal(workspace.Run("fit", "-h"), workspace.Run("fit", "x", "--help"));
    }

    [Fact]
    public void A_bug_is_reported_as_one()
    {
        using var error = new StringWriter();
        var exitCode = CommandLine.Invoke(["--version"], new Terminal(new BrokenWriter(), error));

        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.StartsWith("nern: This is a bug in nern: boom", error.ToString());
        Assert.Contains(nameof(BrokenWriter), error.ToString());
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidTimeZoneException("boom.");
    }
}
