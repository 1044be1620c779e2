using Nern.Cli.Tests.Support;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps.Tests.Results;

public sealed class RunLogTests : IDisposable
{
    private static readonly SweepPoint Point = Samples.Point("a", 91.04, ("hidden", "140"));

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Lines_come_back_as_they_were()
    {
        var finished = Samples.Finished(
            Point, 0, 910, Samples.At(1.25, 0.5), Samples.At(2, null) with { ValidationKl = double.PositiveInfinity });
        using (var log = Open())
        {
            log.Append(finished);
            log.Append(Samples.Failed(Point, 1));
        }

        using var again = Open();
        Assert.Equivalent(finished, again.Find("a-0"), strict: true);
        Assert.Equivalent(Samples.Failed(Point, 1), again.Find("a-1"), strict: true);
        Assert.Null(again.Find("a-2"));
        Assert.Equal(2, again.Lines.Count);
    }

    [Fact]
    public void A_line_is_what_is_documented()
    {
        using (var log = Open())
            log.Append(Samples.Finished(Point, 0, 910, Samples.At(1.25, 0.5)));

        Assert.Equal(
            """
            {"id":"a-0","row":"a","grid":{"hidden":"140"},"seed":0,"options":{"steps":"4000"},"result":{"accuracy":{"correct":910,"count":1000,"share":0.91},"original":{"correct":916,"count":1000,"share":0.916},"agreement":{"same":950,"count":1000,"meanDivergence":0.0625,"share":0.95},"validationKl":0.05,"weightError":0.375,"step":3800,"seconds":120,"predictorBytes":470000,"fileBytes":563452,"precision":"bf16","threads":2,"processor":"Some CPU","version":"0.1.0"},"curve":[[125,75,0.5,0.9,0.1,0.4]]}

            """, File.ReadAllText(_workspace.Path("runs.jsonl")));
    }

    [Fact]
    public void A_line_that_was_cut_off_is_dropped_and_written_anew()
    {
        using (var log = Open())
        {
            log.Append(Samples.Finished(Point, 0, 910));
            log.Append(Samples.Finished(Point, 1, 911));
        }
        var whole = File.ReadAllBytes(_workspace.Path("runs.jsonl"));
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = first; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(_workspace.Path("runs.jsonl"), whole[..length]);
            using (var log = Open())
            {
                Assert.Equal(["a-0"], log.Lines.Select(line => line.Id));
                log.Append(Samples.Finished(Point, 1, 911));
            }
            Assert.Equal(whole, File.ReadAllBytes(_workspace.Path("runs.jsonl")));
        }
    }

    [Fact]
    public void The_last_line_of_a_run_counts()
    {
        using (var log = Open())
        {
            log.Append(Samples.Failed(Point, 0));
            log.Append(Samples.Finished(Point, 0, 910));
        }

        using var again = Open();
        Assert.Null(Assert.Single(again.Lines).Error);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{}\n")]
    [InlineData("null\n")]
    public void A_line_that_is_no_run_is_named(string text)
    {
        File.WriteAllText(_workspace.Path("runs.jsonl"), text);

        Assert.StartsWith($"'{_workspace.Path("runs.jsonl")}', line 1 is no run of a sweep", Assert.Throws<NernException>(Open).Message);
    }

    [Fact]
    public void Only_one_sweep_writes_at_a_time()
    {
        using var first = Open();

        Assert.Contains("is another sweep running?", Assert.Throws<NernException>(Open).Message);
        Assert.Empty(RunLog.Peek(_workspace.Path("")));
    }

    [Fact]
    public void Peek_leaves_the_file_as_it_is()
    {
        Assert.Empty(RunLog.Peek(_workspace.Path("")));
        Assert.Empty(_workspace.Files);
        File.WriteAllText(_workspace.Path("runs.jsonl"), "{\"id");

        Assert.Empty(RunLog.Peek(_workspace.Path("")));
        Assert.Equal("{\"id", File.ReadAllText(_workspace.Path("runs.jsonl")));
    }

    private RunLog Open() => RunLog.Open(_workspace.Path(""));
}
