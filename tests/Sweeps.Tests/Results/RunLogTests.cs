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
        var log = Open();
        log.Append(finished);
        log.Append(Samples.Failed(Point, 1));

        var again = Open();
        Assert.Equivalent(finished, again.Find("a-0"), strict: true);
        Assert.Equivalent(Samples.Failed(Point, 1), again.Find("a-1"), strict: true);
        Assert.Null(again.Find("a-2"));
        Assert.Equal(2, again.Lines.Count);
    }

    [Fact]
    public void A_line_is_what_is_documented()
    {
        Open().Append(Samples.Finished(Point, 0, 910, Samples.At(1.25, 0.5)));

        Assert.Equal(
            """
            {"id":"a-0","row":"a","grid":{"hidden":"140"},"seed":0,"options":{"steps":"4000"},"result":{"accuracy":{"correct":910,"count":1000,"share":0.91},"original":{"correct":916,"count":1000,"share":0.916},"agreement":{"same":950,"count":1000,"meanDivergence":0.0625,"share":0.95},"validationKl":0.05,"weightError":0.375,"step":3800,"seconds":120,"predictorBytes":470000,"fileBytes":563452,"precision":"bf16","threads":2,"processor":"Some CPU","version":"0.1.0"},"curve":[[125,75,0.5,0.9,0.1,0.4]]}

            """, File.ReadAllText(_workspace.Path("runs.jsonl")));
    }

    [Fact]
    public void A_line_that_was_cut_off_is_dropped_and_written_anew()
    {
        Open().Append(Samples.Finished(Point, 0, 910));
        Open().Append(Samples.Finished(Point, 1, 911));
        var whole = File.ReadAllBytes(_workspace.Path("runs.jsonl"));
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = first; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(_workspace.Path("runs.jsonl"), whole[..length]);
            var log = Open();
            Assert.Equal(["a-0"], log.Lines.Select(line => line.Id));
            log.Append(Samples.Finished(Point, 1, 911));
            Assert.Equal(whole, File.ReadAllBytes(_workspace.Path("runs.jsonl")));
        }
    }

    [Fact]
    public void The_last_line_of_a_run_counts()
    {
        var log = Open();
        log.Append(Samples.Failed(Point, 0));
        log.Append(Samples.Finished(Point, 0, 910));

        var again = Open();
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
    public void Two_logs_of_a_folder_write_in_turn_and_learn_of_each_other()
    {
        var (first, second) = (Open(), Open());
        var tables = 0;
        first.Append(Samples.Finished(Point, 0, 910), () => tables = first.Lines.Count);
        second.Append(Samples.Finished(Point, 1, 911), () => tables = second.Lines.Count);

        Assert.Equal(2, tables);
        Assert.Equal(2, File.ReadAllLines(_workspace.Path("runs.jsonl")).Length);
        Assert.Null(first.Find("a-1"));
        using (first.Claim("a-2"))
            Assert.NotNull(first.Find("a-1"));
    }

    [Fact]
    public void Many_logs_at_once_lose_no_line()
    {
        Parallel.For(0, 40, seed => Open().Append(Samples.Finished(Point, (ulong)seed, 900)));

        Assert.Equal(40, Open().Lines.Count);
        Assert.Equal(40, File.ReadAllLines(_workspace.Path("runs.jsonl")).Length);
    }

    [Fact]
    public void A_run_is_claimed_by_one_until_it_lets_go()
    {
        var (first, second) = (Open(), Open());
        using (first.Claim("a-0"))
        {
            Assert.Null(second.Claim("a-0"));
            using var other = second.Claim("a-1");
            Assert.NotNull(other);
        }

        using var after = second.Claim("a-0");
        Assert.NotNull(after);
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
