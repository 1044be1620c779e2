using System.Diagnostics;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Fitting.Resuming;

namespace Nern.Cli.Tests.Commands;

public sealed class FitResumeTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("cifar10:@cifar")]
    [InlineData("imagefolder:@pictures,test=0/4")]
    public void A_fit_killed_five_times_at_random_moments_ends_with_the_bytes_of_one_never_killed(string data)
    {
        _workspace.AddPictures();
        string[] usual = ["--data", data, "--steps", "400", "--warmup", "150"];
        string[] arguments = [.. TinyModel.FitArguments([.. usual, "-o", "@killed.nern"]), "--checkpoint-minutes", "0"];
        Assert.Equal(0, _workspace.Run(TinyModel.FitArguments([.. usual, "-o", "@whole.nern"])).ExitCode);
        var random = new Random(1);
        var steps = new List<long>();

        for (var kill = 0; kill < 5; kill++)
        {
            using var process = Start([.. arguments, .. kill == 0 ? Array.Empty<string>() : ["--resume"]]);
            WaitForProgress(process, steps.LastOrDefault());
            Thread.Sleep(random.Next(30));
            process.Kill();
            process.WaitForExit();
            steps.Add(UnfinishedFit.Load(_workspace.Path("killed.nern.checkpoint")).Step);
        }
        var last = _workspace.Run([.. arguments, "--resume"]);

        Assert.Equal(0, last.ExitCode);
        // Of a folder it is said how its images are used, and nothing else.
        Assert.All(last.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("nern: Images of ", line));
        Assert.Equal(steps.Order(), steps);
        Assert.True(steps[^1] > steps[0]);
        Assert.Equal(File.ReadAllBytes(_workspace.Path("whole.nern")), File.ReadAllBytes(_workspace.Path("killed.nern")));
        Assert.False(File.Exists(_workspace.Path("killed.nern.checkpoint")));
    }

    [Fact]
    public void An_unfinished_fit_is_not_replaced_without_being_asked()
    {
        _workspace.Write("tiny.nern.checkpoint", "left"u8.ToArray());

        var answer = _workspace.Fit();

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("tiny.nern.checkpoint' is left of unfinished work: go on with --resume, or delete it to begin anew.", answer.Error);
    }

    [Fact]
    public void Without_a_checkpoint_resuming_begins()
    {
        var answer = _workspace.Fit("--resume");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.Contains("to go on from: beginning", answer.Error);
    }

    [Fact]
    public void Rounds_go_on_where_they_were_stopped()
    {
        string[] options = ["--rounds", "3", "--steps", "60", "--warmup", "10"];
        Assert.Equal(0, _workspace.Run(TinyModel.FitArguments([.. options, "-o", "@whole.nern"])).ExitCode);

        using (var process = Start([.. TinyModel.FitArguments([.. options, "-o", "@rounds.nern"]), "--checkpoint-minutes", "0"]))
        {
            WaitForProgress(process, 25, "rounds.nern.checkpoint");
            process.Kill();
            process.WaitForExit();
        }
        var resumed = _workspace.Run([.. TinyModel.FitArguments([.. options, "-o", "@rounds.nern"]), "--resume"]);

        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(File.ReadAllBytes(_workspace.Path("whole.nern")), File.ReadAllBytes(_workspace.Path("rounds.nern")));
    }

    private Process Start(string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments.Select(_workspace.Resolve)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private void WaitForProgress(Process process, long beyond, string checkpoint = "killed.nern.checkpoint")
    {
        var path = _workspace.Path(checkpoint);
        while (!process.HasExited && !(File.Exists(path) && UnfinishedFit.Load(path).Step > beyond))
            Thread.Sleep(5);
        Assert.False(process.HasExited, "The fit was over before it could be killed.");
    }
}
