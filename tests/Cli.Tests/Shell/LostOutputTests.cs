using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Fitting.Resuming;

namespace Nern.Cli.Tests.Shell;

/// <summary>
/// Standard output or standard error that is full, closed, or a pipe that nobody reads any more. What long work shows is given up without
/// a word: its result is a file. Where what is shown is the result, a full or closed output is an error; a reader that has gone has had
/// what it wanted, as with other tools.
/// </summary>
public sealed class LostOutputTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [SkippableTheory]
    [InlineData("exec \"$@\" > /dev/full", "")]
    [InlineData("exec \"$@\" >&-", "")]
    [InlineData("\"$@\" | head -1; exit ${PIPESTATUS[0]}", "original: accuracy")]
    [InlineData("\"$@\" | true; exit ${PIPESTATUS[0]}", "")]
    [InlineData("exec \"$@\" 2> /dev/full", "Wrote ")]
    [InlineData("exec \"$@\" 2>&-", "Wrote ")]
    [InlineData("exec \"$@\" > /dev/full 2>&1", "")]
    [InlineData("exec \"$@\" >&- 2>&-", "")]
    public void A_fit_goes_on_to_its_result(string line, string shown)
    {
        string[] options = ["--steps", "12", "--evaluate-every", "1", "--no-log"];
        Assert.Equal(ExitCode.Success, _workspace.Run(TinyModel.FitArguments(["-o", "@whole.nern", .. options])).ExitCode);

        var answer = NernProcess.Run(_workspace, line, TinyModel.FitArguments(["-o", "@lost.nern", .. options]));

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains(shown, answer.Output);
        Assert.Equal(shown.Length == 0, answer.Output.Length == 0);
        Assert.Equal(["lost.nern", "tiny.safetensors", "whole.nern"], _workspace.Files);
        Assert.Equal(File.ReadAllBytes(_workspace.Path("whole.nern")), File.ReadAllBytes(_workspace.Path("lost.nern")));
    }

    [SkippableFact]
    public void A_fit_that_is_hung_up_on_with_its_terminal_gone_saves()
    {
        // Nobody reads what it writes any more, and then it hears of that.
        using var process = NernProcess.Start(
            _workspace, "exec env --default-signal=HUP,INT \"$@\" > >(head -1)",
            [
                .. TinyModel.FitArguments("-o", "@tiny.nern", "--steps", "1000000000", "--evaluate-every", "2"), "--no-log",
                "--checkpoint-minutes", "0",
            ]);
        var checkpoint = _workspace.Path("tiny.nern.checkpoint");
        process.WaitUntil(() => File.Exists(checkpoint) && UnfinishedFit.Load(checkpoint).Step > 4);
        process.Signal("HUP");

        var answer = process.End();
        Assert.Equal((129, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(["tiny.nern", "tiny.nern.checkpoint", "tiny.safetensors"], _workspace.Files);
    }

    [SkippableTheory]
    [InlineData("exec \"$@\" > /dev/full")]
    [InlineData("exec \"$@\" >&-")]
    public void A_command_that_only_shows_fails_where_it_cannot(string line)
    {
        Assert.All(Showing, command =>
        {
            var answer = NernProcess.Run(_workspace, line, command);
            Assert.Equal(ExitCode.BadInput, answer.ExitCode);
            Assert.StartsWith("nern: The standard output could not be written: ", answer.Error);
            Assert.Single(answer.Error.TrimEnd('\n').Split('\n'));
        });
    }

    [SkippableTheory]
    [InlineData("\"$@\" | head -1; exit ${PIPESTATUS[0]}", 1)]
    [InlineData("\"$@\" | true; exit ${PIPESTATUS[0]}", 0)]
    public void A_command_that_only_shows_is_content_with_a_reader_that_goes(string line, int lines)
    {
        Assert.All(Showing, command =>
        {
            var answer = NernProcess.Run(_workspace, line, command);
            Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
            Assert.Equal(lines, answer.Output.Count(character => character == '\n'));
        });
    }

    [SkippableTheory]
    [InlineData("exec \"$@\" 2> /dev/full")]
    [InlineData("exec \"$@\" 2>&-")]
    public void Without_standard_error_the_exit_code_still_tells(string line)
    {
        Assert.All(Showing, command => Assert.Equal(ExitCode.Success, NernProcess.Run(_workspace, line, command).ExitCode));
        Assert.Equal(ExitCode.BadInput, NernProcess.Run(_workspace, line, "info", "@missing").ExitCode);
    }

    private static string[][] Showing =>
    [
        ["info", "@tiny.safetensors"],
        ["evaluate", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--data", "cifar10:@cifar"],
        ["recipe"],
    ];
}
