using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Fitting.Resuming;

namespace Nern.Cli.Tests.Ranks;

/// <summary>The command under mpirun itself; what ranks share is tested without it (SharedFitTests).</summary>
public sealed class MpiTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [SkippableFact]
    public void Ranks_fit_one_file_and_the_first_alone_tells_of_it()
    {
        var answer = Run(3, [.. Arguments("@shared.nern"), "--threads", "1"]);
        var again = Run(3, [.. Arguments("@again.nern"), "--threads", "1"]);

        Assert.Equal((0, 0, ""), (answer.ExitCode, again.ExitCode, answer.Error));
        Assert.Single(answer.Output.Split('\n'), line => line.StartsWith("3 ranks of 1 thread share the work.", StringComparison.Ordinal));
        Assert.Single(answer.Output.Split('\n'), line => line.StartsWith("Wrote ", StringComparison.Ordinal));
        Assert.Equal(Read("shared.nern"), Read("again.nern"));
        Assert.False(File.Exists(_workspace.Path("shared.nern.checkpoint")));
    }

    [SkippableFact]
    public void One_rank_is_none_besides()
    {
        Assert.Equal(0, Run(1, Arguments("@shared.nern")).ExitCode);
        Assert.Equal(0, NernProcess.Run(_workspace, NernProcess.Plainly, Arguments("@alone.nern")).ExitCode);

        Assert.Equal(Read("alone.nern"), Read("shared.nern"));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rank_that_is_killed_ends_all_and_what_is_left_goes_on_to_the_same_bytes(int rank)
    {
        string[] options = ["--steps", "240", "--warmup", "90", "--threads", "1"];
        var whole = Run(2, Arguments("@whole.nern", options));
        Assert.True(whole.ExitCode == 0, whole.Error);
        var checkpoint = _workspace.Path("killed.nern.checkpoint");
        string[] killed = [.. Arguments("@killed.nern", options), "--checkpoint-minutes", "0"];

        using var process = NernProcess.Start(_workspace, OnRanks(2, $"""if [ "$PMI_RANK" = {rank} ]; then echo $$ >@pid; fi; exec "$@" """), killed);
        process.WaitUntil(() => File.Exists(checkpoint));
        Assert.Equal(0, NernProcess.Run(_workspace, $"kill -9 $(cat {_workspace.Path("pid")})").ExitCode);
        var answer = process.End();

        Assert.Equal(9, answer.ExitCode);
        Assert.Contains("Killed (signal 9)", answer.Output);
        Assert.InRange(UnfinishedFit.Load(checkpoint).Step, 0, 239);
        Assert.Equal(0, Run(2, [.. killed, "--resume"]).ExitCode);
        Assert.Equal(Read("whole.nern"), Read("killed.nern"));
    }

    [SkippableFact]
    public void What_is_wrong_for_all_is_said_once()
    {
        var answer = Run(2, ["fit", "@missing.onnx", "--noise", "-o", "@out.nern"]);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Single(answer.Error.Split('\n'), line => line.Contains("missing.onnx", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void What_is_wrong_for_one_rank_ends_all_and_names_it()
    {
        var answer = NernProcess.Run(
            _workspace, OnRanks(2, """if [ "$PMI_RANK" = 1 ]; then set -- "${@/tiny.safetensors/missing.safetensors}"; fi; exec "$@" """),
            Arguments("@out.nern"));

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("nern: rank 1: ", answer.Error);
        Assert.Contains("missing.safetensors", answer.Error);
        Assert.False(File.Exists(_workspace.Path("out.nern")));
    }

    [SkippableFact]
    public void Steps_over_ranks_allocate_nothing()
    {
        var answer = Run(2, ["bench", "step", "--architecture", "resnet8", "--hidden", "8", "--batch", "8", "--kernels", "64", "--refresh", "0.5",
            "--steps", "3", "--precision", "f32", "--threads", "1", "--json"]);

        Assert.Equal("", answer.Error);
        var json = JsonNode.Parse(answer.Output)!;
        Assert.Equal(0, (long)json["allocatedBytesPerStep"]!);
        Assert.Equal((2, 1), ((int)json["ranks"]!, (int)json["threads"]!));
    }

    [SkippableFact]
    public void Commands_that_share_nothing_refuse_ranks()
    {
        var answer = Run(2, ["info", "@tiny.safetensors"]);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Equal("nern: nern info does not share its work among ranks, as fit and bench step do: start it without mpirun.\n", answer.Error);
    }

    [Fact]
    public void Open_mpi_is_refused_before_anything_else()
    {
        var answer = NernProcess.Run(_workspace, "export OMPI_COMM_WORLD_SIZE=2; " + NernProcess.Plainly, Arguments("@out.nern"));

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("Open MPI's", answer.Error);
        Assert.Contains("apt-get install mpich", answer.Error);
    }

    private byte[] Read(string name) => File.ReadAllBytes(_workspace.Path(name));

    private static string[] Arguments(string output, params string[] options) => TinyModel.FitArguments([.. options, "-o", output]);

    private Answer Run(int ranks, params string[] arguments) => NernProcess.Run(_workspace, OnRanks(ranks, "exec \"$@\""), arguments);

    /// <summary>A line of bash that starts as many ranks, each of which runs another line.</summary>
    private string OnRanks(int ranks, string line)
    {
        Skip.IfNot(File.Exists("/usr/bin/mpirun.mpich"), "MPICH is not installed (apt-get install mpich).");
        _workspace.Write("rank.sh", line.Replace("@pid", _workspace.Path("pid"), StringComparison.Ordinal));
        // What mpirun reads is passed on to the first rank.
        return $"exec mpirun.mpich -n {ranks} bash {_workspace.Path("rank.sh")} \"$@\" </dev/null";
    }
}
