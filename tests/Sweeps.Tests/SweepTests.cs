using Nern.Cli.Tests.Support;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps.Tests;

public sealed class SweepTests : IDisposable
{
    private static readonly SweepPoint First = Samples.Point("first"), Second = Samples.Point("second");
    private static readonly IReadOnlyList<SweepRun> Runs =
        [.. new ulong[] { 0, 1 }.SelectMany(seed => new[] { Samples.Run(First, seed), Samples.Run(Second, seed) })];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_run_is_done_once(int jobs)
    {
        var fitter = new FakeFitter();
        await Run(fitter, jobs);
        Assert.Equal(["first-0", "first-1", "second-0", "second-1"], fitter.Begun.Order());

        var again = new FakeFitter();
        await Run(again, jobs);
        Assert.Empty(again.Begun);
    }

    [Fact]
    public async Task A_sweep_that_was_stopped_goes_on_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        var fitter = new FakeFitter { StoppedAt = ("first-1", stop) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(fitter, stop: stop.Token));
        Assert.Equal(["first-0", "second-0", "first-1"], fitter.Begun);

        var next = new FakeFitter();
        await Run(next);
        Assert.Equal(["first-1", "second-1"], next.Begun);
    }

    [Fact]
    public async Task Two_sweeps_of_a_folder_do_each_run_once()
    {
        var (first, second) = (new FakeFitter { Milliseconds = 20 }, new FakeFitter { Milliseconds = 20 });
        await Task.WhenAll(Task.Run(() => Run(first)), Task.Run(() => Run(second)));

        Assert.Equal(["first-0", "first-1", "second-0", "second-1"], first.Begun.Concat(second.Begun).Order());
        Assert.Equal(4, File.ReadAllLines(_workspace.Path("runs.jsonl")).Length);
    }

    [Fact]
    public async Task A_run_that_another_process_does_is_left_to_it()
    {
        var other = RunLog.Open(_workspace.Path(""));
        using (other.Claim("second-0"))
        {
            var fitter = new FakeFitter();
            var log = RunLog.Open(_workspace.Path(""));
            var sweep = new Sweep(log, fitter, new Deaf(), () => { });
            await sweep.Run(Runs, jobs: 1, retryFailed: false, stop: default);

            Assert.Equal(["first-0", "first-1", "second-1"], fitter.Begun.Order());
            Assert.Equal("second-0", Assert.Single(sweep.Elsewhere).Id);
        }
    }

    [Fact]
    public async Task Failed_runs_are_noted_and_tried_again_only_when_asked()
    {
        await Run(new FakeFitter { Fails = "second-0" });
        Assert.Equal("boom", RunLog.Open(_workspace.Path("")).Find("second-0")!.Error);

        var unasked = new FakeFitter();
        await Run(unasked);
        Assert.Empty(unasked.Begun);

        var asked = new FakeFitter();
        await Run(asked, retryFailed: true);
        Assert.Equal(["second-0"], asked.Begun);
    }

    [Fact]
    public async Task Tables_are_written_at_the_start_and_after_every_run()
    {
        var counts = new List<int>();
        await Run(new FakeFitter(), tables: counts.Add);

        Assert.Equal([0, 1, 2, 3, 4], counts);
    }

    [Fact]
    public void Time_left_is_the_mean_of_what_is_done_for_each_that_is_not()
    {
        // Done: 120 and 240 seconds.
        var clock = new SweepClock(6, [Samples.Finished(First, 0, 900), Samples.Failed(First, 2)], 4, jobs: 2);
        clock.Count(Samples.Finished(First, 1, 900));

        Assert.Equal((6, 3), (clock.Total, clock.Done));
        // One has 80 seconds to go, one is late, one has not begun.
        Assert.Equal(TimeSpan.FromSeconds((80 + 180) / 2.0), clock.Left([TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(500)]));
        Assert.Null(new SweepClock(2, [], 2, 1).Left([]));
    }

    private async Task Run(
        FakeFitter fitter, int jobs = 1, bool retryFailed = false, CancellationToken stop = default, Action<int>? tables = null)
    {
        var log = RunLog.Open(_workspace.Path(""));
        await new Sweep(log, fitter, new Deaf(), () => tables?.Invoke(log.Lines.Count)).Run(Runs, jobs, retryFailed, stop);
    }

    private sealed class Deaf : ISweepListener
    {
        public void Started(SweepRun run)
        {
        }

        public void Told(SweepRun run, string line)
        {
        }

        public void Finished(SweepRun run, RunLine line)
        {
        }
    }

    private sealed class FakeFitter : IFitter
    {
        private readonly List<string> _begun = [];

        internal IReadOnlyList<string> Begun => _begun;

        internal string? Fails { get; init; }

        internal int Milliseconds { get; init; }

        internal (string Id, CancellationTokenSource Stop)? StoppedAt { get; init; }

        public async Task<RunLine> Fit(SweepRun run, Action<string> tell, CancellationToken stop)
        {
            lock (_begun)
                _begun.Add(run.Id);
            await Task.Yield();
            await Task.Delay(Milliseconds, stop);
            if (run.Id == StoppedAt?.Id)
                StoppedAt.Value.Stop.Cancel();
            stop.ThrowIfCancellationRequested();
            return run.Id == Fails ? run.Line with { Error = "boom" } : Samples.Finished(run.Point, run.Seed, 910);
        }
    }
}
