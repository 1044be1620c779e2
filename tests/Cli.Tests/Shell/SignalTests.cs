using System.Diagnostics;
using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Fitting.Resuming;
using Nern.Representation;
using Nern.Training;

namespace Nern.Cli.Tests.Shell;

/// <summary>Signals, sent to the command as a process of its own.</summary>
public sealed class SignalTests : IDisposable
{
    // More steps than anyone waits for: only a signal can end them.
    private static readonly string[] Endless = ["--steps", "1000000000", "--evaluate-every", "2", "--no-log"];

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_fit_ends_early_and_writes_what_it_has_reached(string signal, int exitCode)
    {
        using var process = NernProcess.Start(
            _workspace, NernProcess.Plainly, [.. TinyModel.FitArguments(["-o", "@tiny.nern", .. Endless])]);
        process.WaitFor("best so far");
        process.Signal(signal);
        var answer = process.End();

        Assert.Equal((exitCode, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("stopping after this step", answer.Output);
        Assert.Contains($"Stopped early; {_workspace.Path("tiny.nern")} holds the best that was reached.", answer.Output);
        Assert.Equal(["tiny.nern", "tiny.nern.checkpoint", "tiny.safetensors"], _workspace.Files);
        Assert.Equal(ExitCode.Success, _workspace.Run("info", "@tiny.nern").ExitCode);
        Assert.InRange(UnfinishedFit.Load(_workspace.Path("tiny.nern.checkpoint")).Step, 2, 999_999_999);
    }

    [SkippableFact]
    public void A_training_ends_early_and_writes_what_it_has_reached()
    {
        using var process = NernProcess.Start(
            _workspace, NernProcess.Plainly, "train", TinyModel.Architecture, "--data", "cifar10:@cifar", "--epochs", "1000000",
            "--batch", "16", "-o", "@trained.safetensors");
        process.WaitFor("epoch 1 of 1000000");
        process.Signal("TERM");
        var answer = process.End();

        Assert.Equal((143, ""), (answer.ExitCode, answer.Error));
        Assert.Contains($"Stopped early; {_workspace.Path("trained.safetensors")} holds the best that was reached.", answer.Output);
        Assert.Equal(["tiny.safetensors", "trained.safetensors", "trained.safetensors.checkpoint"], _workspace.Files);
        Assert.NotEmpty(Checkpoint.Read(_workspace.Path("trained.safetensors")).Names);
        Assert.True(UnfinishedTraining.Load(_workspace.Path("trained.safetensors.checkpoint")).Step >= 4);
    }

    [SkippableFact]
    public void A_sweep_ends_early_and_leaves_no_process_behind()
    {
        _workspace.Write("plan.yaml", $$"""
            title: Endless
            network: tiny.safetensors
            architecture: resnet8
            data: cifar10:{{_workspace.Path("cifar")}}
            options: { hidden: 8, steps: 1000000000, batch: 8, kernels: 64, evaluate-every: 2 }
            seeds: [0]
            rows: [{ name: one }]
            """);
        using var process = NernProcess.Start(_workspace, NernProcess.Plainly, "sweep", "@plan.yaml", "-o", "@out");
        process.WaitFor("seed 0: 0:00");
        var children = Children(process.Id);
        process.Signal("TERM");
        var answer = process.End();

        Assert.Equal((143, ""), (answer.ExitCode, answer.Error));
        Assert.EndsWith("Stopped after 0 of 1 runs; the same command goes on.\n", answer.Output);
        Assert.Empty(File.ReadAllText(_workspace.Path("out/runs.jsonl")));
        var child = Assert.Single(children);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child));
    }

    [SkippableTheory]
    [InlineData("TERM", "TERM", 143)]
    [InlineData("TERM", "INT", 130)]
    [InlineData("INT", "HUP", 129)]
    public void A_second_signal_ends_at_once_and_leaves_the_last_checkpoint(string first, string second, int exitCode)
    {
        // A step takes so long that the second signal comes in the one that the first came in.
        using var process = NernProcess.Start(
            _workspace, NernProcess.Plainly,
            [
                .. TinyModel.FitArguments(
                    "-o", "@tiny.nern", "--steps", "1000000000", "--evaluate-every", "1", "--warmup", "0", "--batch", "8192"),
                "--no-log", "--checkpoint-minutes", "0",
            ]);
        process.WaitFor("step 1 of");
        process.WaitUntil(() => UnfinishedFit.Load(_workspace.Path("tiny.nern.checkpoint")).Step == 1);
        process.Signal(first);
        process.WaitFor("stopping after this step");
        process.Signal(second);
        var answer = process.End();

        Assert.Equal((exitCode, ""), (answer.ExitCode, answer.Error));
        Assert.EndsWith("ended at once; --resume goes on from the last checkpoint, if there is one\n", answer.Output);
        Assert.Equal(["tiny.nern.checkpoint", "tiny.safetensors"], _workspace.Files);
        Assert.Equal(1, UnfinishedFit.Load(_workspace.Path("tiny.nern.checkpoint")).Step);
    }

    [SkippableTheory]
    [InlineData("HUP")]
    [InlineData("INT")]
    public void What_is_ignored_from_the_start_stays_so(string signal)
    {
        // As nohup does, and shells with what runs in the background.
        using var process = NernProcess.Start(
            _workspace, $"trap '' {signal}; exec \"$@\"",
            [.. TinyModel.FitArguments("-o", "@tiny.nern", "--steps", "60", "--evaluate-every", "1"), "--no-log"]);
        process.WaitFor("step 1 of");
        process.Signal(signal);
        var answer = process.End();

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.DoesNotContain("stopping", answer.Output);
        Assert.Contains("step 60 of 60", answer.Output);
        Assert.True(NernFile.IsNern(_workspace.Path("tiny.nern")));
    }

    private static int[] Children(int parent) =>
    [
        .. Directory.GetDirectories($"/proc/{parent}/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse),
    ];
}
