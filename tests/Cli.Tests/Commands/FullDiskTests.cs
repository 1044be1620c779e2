using System.Globalization;
using System.Text.RegularExpressions;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Fitting.Resuming;

namespace Nern.Cli.Tests.Commands;

/// <summary>Whatever becomes of the disk, of long work the result or the checkpoint is left.</summary>
[Collection(nameof(Alone))]
public sealed class FullDiskTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string, string> Work => new() { { "fit", "step 1 of" }, { "train", "epoch 1 of" } };

    [SkippableTheory]
    [MemberData(nameof(Work))]
    public void Without_room_for_the_result_and_a_checkpoint_work_does_not_begin(string command, string progress)
    {
        using var disk = new SmallDisk(40 << 10);

        var answer = _workspace.Run(Arguments(command, disk.Path("result")));

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Matches(
            $"^nern: '{disk.Path("result")}' could not be written at the end: expected room on the disk for its [0-9,]+ bytes and for "
            + $"'{disk.Path("result")}.checkpoint', [0-9,]+ bytes; found 40,960 bytes.\n$",
            answer.Error);
        Assert.DoesNotContain(progress, answer.Output);
        Assert.Empty(disk.Names);
        Assert.Equal(40 << 10, disk.Free);
    }

    [SkippableTheory]
    [InlineData("fit", 1)]
    [InlineData("fit", 1, "--refresh", "0.3", "--warmup", "2", "--averaging", "0.9")]
    // The state of the first round's end is there until that of the second is.
    [InlineData("fit", 2, "--rounds", "2", "--optimizer", "ranger")]
    [InlineData("train", 1)]
    [InlineData("train", 1, "--validation", "16")]
    public void The_room_that_is_asked_for_is_enough(string command, int states, params string[] options)
    {
        string sentence;
        using (var disk = new SmallDisk(4 << 10))
            sentence = _workspace.Run([.. Arguments(command, disk.Path("result")), .. options]).Error;
        var needed = Regex.Matches(sentence, " ([0-9,]+) bytes")
            .Select(match => int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
        // Files take whole pages.
        using var enough = new SmallDisk(needed[0] + (states * needed[1]) + ((1 + states) * Environment.SystemPageSize));
        using var output = new StringWriter();

        var answer = _workspace.Run(
            output, default, [.. Arguments(command, enough.Path("result")), .. options, "--checkpoint-minutes", "1000"]);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Empty(Regex.Matches(answer.Output, ".*could not be written.*").Select(match => match.Value));
        Assert.Equal(["result"], enough.Names);
    }

    [SkippableTheory]
    [MemberData(nameof(Work))]
    public void Work_that_has_begun_ends_with_its_result_though_the_disk_is_filled_up_meanwhile(string command, string progress)
    {
        var whole = Whole(command);
        using var disk = new SmallDisk(16 << 20);
        using var output = new ActingWriter(progress, disk.Fill);

        var answer = _workspace.Run(output, default, Arguments(command, disk.Path("result")));

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(whole, File.ReadAllBytes(disk.Path("result")));
        Assert.Equal(["filler", "result"], disk.Names);
    }

    [SkippableTheory]
    [MemberData(nameof(Work))]
    public void Work_that_is_interrupted_on_a_full_disk_goes_on_from_its_checkpoint(string command, string progress)
    {
        var whole = Whole(command);
        using var disk = new SmallDisk(16 << 20);
        using var stop = new CancellationTokenSource();
        using var output = new ActingWriter(progress, () =>
        {
            disk.Fill();
            stop.Cancel();
        });

        var stopped = _workspace.Run(output, stop.Token, Arguments(command, disk.Path("result")));
        Assert.Equal((ExitCode.Interrupted, ""), (stopped.ExitCode, stopped.Error));
        Assert.Equal(["filler", "result", "result.checkpoint"], disk.Names);
        // What is replaced is there until its successor is.
        File.Delete(disk.Path("filler"));

        Assert.Equal(ExitCode.Success, _workspace.Run([.. Arguments(command, disk.Path("result")), "--resume"]).ExitCode);
        Assert.Equal(whole, File.ReadAllBytes(disk.Path("result")));
        Assert.Equal(["result"], disk.Names);
    }

    [Theory]
    [MemberData(nameof(Work))]
    public void Where_the_result_cannot_be_written_the_checkpoint_is_kept_and_told_of(string command, string progress)
    {
        var whole = Whole(command);
        var result = _workspace.Path("result");
        using var output = new ActingWriter(progress, () => Directory.CreateDirectory(result));

        var failed = _workspace.Run(output, default, Arguments(command, result));

        Assert.Equal(
            (ExitCode.BadInput,
                $"nern: '{result}' could not be written: expected the path of a file, found a folder; all that was reached is in "
                + $"'{result}.checkpoint', and the same command with --resume goes on from there.\n"),
            (failed.ExitCode, failed.Error));
        Directory.Delete(result);
        Assert.Equal(ExitCode.Success, _workspace.Run([.. Arguments(command, result), "--resume"]).ExitCode);
        Assert.Equal(whole, File.ReadAllBytes(result));
        Assert.False(File.Exists($"{result}.checkpoint"));
    }

    [Fact]
    public void Where_neither_can_be_written_it_is_said_that_nothing_is_left()
    {
        var result = _workspace.Path("result");
        using var output = new ActingWriter("step 200 of", () =>
        {
            var checkpoint = $"{result}.checkpoint";
            Assert.InRange(UnfinishedFit.Load(checkpoint).Step, 1, 200);
            File.Delete(checkpoint);
            Directory.CreateDirectory(checkpoint);
            Directory.CreateDirectory(result);
        });

        var failed = _workspace.Run(
            output, default,
            [.. TinyModel.FitArguments("-o", result, "--steps", "400", "--evaluate-every", "200"), "--no-log", "--checkpoint-minutes", "0"]);

        Assert.Equal(ExitCode.BadInput, failed.ExitCode);
        Assert.Contains(
            $"found a folder; nothing is left of the work, since '{result}.checkpoint' could not be written: expected the path of a file",
            failed.Error);
    }

    [Theory]
    [MemberData(nameof(Work))]
    public void Where_the_report_cannot_be_written_the_result_is_and_the_checkpoint_kept(string command, string progress)
    {
        var (result, report) = (_workspace.Path("result"), _workspace.Path("report.json"));
        using var output = new ActingWriter(progress, () => Directory.CreateDirectory(report));

        var failed = _workspace.Run(output, default, [.. Arguments(command, result), "--report", report]);

        Assert.Equal(ExitCode.BadInput, failed.ExitCode);
        Assert.EndsWith($"; '{result}' is written, and the same command with --resume writes the report.\n", failed.Error);
        Directory.Delete(report);
        Assert.Equal(ExitCode.Success, _workspace.Run([.. Arguments(command, result), "--report", report, "--resume"]).ExitCode);
        Assert.True(File.Exists(report));
        Assert.False(File.Exists($"{result}.checkpoint"));
    }

    private byte[] Whole(string command)
    {
        Assert.Equal(ExitCode.Success, _workspace.Run(Arguments(command, "@whole")).ExitCode);
        return File.ReadAllBytes(_workspace.Path("whole"));
    }

    private static string[] Arguments(string command, string output) => command == "fit"
        ? [.. TinyModel.FitArguments("-o", output, "--steps", "40", "--evaluate-every", "1"), "--no-log"]
        : ["train", TinyModel.Architecture, "--data", "cifar10:@cifar", "--epochs", "2", "--batch", "16", "-o", output];
}
