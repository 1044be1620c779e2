using FsCheck;
using FsCheck.Fluent;

namespace Nern.OneDnn.Tests;

public class ParallelRegionTests
{
    [Fact]
    public void Every_part_runs_exactly_once()
    {
        var work = new Recorded(_ => { });
        for (var i = 1; i <= 100; i++)
        {
            ParallelRegion.Run(work);
            Assert.InRange(work.Parts, 1, ParallelRegion.Threads);
            for (var part = 0; part < work.Parts; part++)
                Assert.Equal(i, work.Runs[part]);
        }
    }

    [Fact]
    public void A_region_within_a_region_is_one_part_on_the_same_thread()
    {
        var threads = new int[ParallelRegion.Threads];
        ParallelRegion.Run(new Recorded(part =>
        {
            var own = new Recorded(_ => threads[part] = Environment.CurrentManagedThreadId);
            ParallelRegion.Run(own);
            Assert.Equal((1, 1), (own.Parts, own.Runs[0]));
            Assert.Equal(Environment.CurrentManagedThreadId, threads[part]);
        }));
    }

    [Fact]
    public void What_is_made_for_one_thread_leaves_the_number_of_threads_as_it_was_even_after_a_failure()
    {
        var threads = ParallelRegion.Threads;
        Assert.Equal(1, ParallelRegion.OnOneThread(() => ParallelRegion.Threads));
        Assert.Equal(threads, ParallelRegion.Threads);
        Assert.Throws<FormatException>(() => ParallelRegion.OnOneThread<int>(() => throw new FormatException()));
        Assert.Equal(threads, ParallelRegion.Threads);
    }

    [Fact]
    public void Alone_a_region_is_one_part_on_the_calling_thread()
    {
        var threads = ParallelRegion.Threads;
        var thread = 0;
        var work = new Recorded(_ => thread = Environment.CurrentManagedThreadId);
        using (ParallelRegion.Alone())
            ParallelRegion.Run(work);
        Assert.Equal((1, 1, Environment.CurrentManagedThreadId), (work.Parts, work.Runs[0], thread));
        Assert.Equal(threads, ParallelRegion.Threads);
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        var work = new Recorded(_ => { });
        ParallelRegion.Run(work);
        Allocation.AssertNone(20, () => ParallelRegion.Run(work));
    }

    [Fact]
    public void A_failure_in_any_part_comes_out()
    {
        for (var failing = 0; failing < ParallelRegion.Threads; failing++)
        {
            var guilty = failing;
            var work = new Recorded(part =>
            {
                if (part == guilty)
                    throw new InvalidOperationException($"part {part}");
            });
            var failure = Assert.Throws<AggregateException>(() => ParallelRegion.Run(work));
            Assert.Equal($"part {guilty}", Assert.IsType<InvalidOperationException>(Assert.Single(failure.InnerExceptions)).Message);
        }
    }

    [Fact]
    public void A_failure_in_all_parts_comes_out_as_one_of_them_and_the_next_region_works()
    {
        var failing = new Recorded(part => throw new FormatException($"part {part}"));
        var failure = Assert.Throws<AggregateException>(() => ParallelRegion.Run(failing));
        Assert.IsType<FormatException>(Assert.Single(failure.InnerExceptions));
        var work = new Recorded(_ => { });
        ParallelRegion.Run(work);
        Assert.Equal(1, work.Runs[0]);
    }

    [Fact]
    public void Regions_of_several_threads_do_not_mix()
    {
        var works = Enumerable.Range(0, 4).Select(_ => new Recorded(_ => { })).ToList();
        var threads = works.Select(work => new Thread(() =>
        {
            for (var i = 0; i < 200; i++)
                ParallelRegion.Run(work);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        foreach (var work in works)
            for (var part = 0; part < work.Parts; part++)
                Assert.Equal(200, work.Runs[part]);
    }

    [Fact]
    public void A_collection_during_a_region_leaves_its_work_intact()
    {
        for (var i = 0; i < 10; i++)
        {
            var sums = new long[ParallelRegion.Threads];
            // Reached only through the region's own frame: moved by the compacting collections, or lost, if that were not seen.
            ParallelRegion.Run(new Recorded(part =>
            {
                for (var round = 0; round < 5; round++)
                {
                    var garbage = Enumerable.Range(0, 1000).Select(n => new object[] { n }).ToList();
                    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                    sums[part] += garbage.Sum(item => (int)item[0]);
                }
            }));
            Assert.Contains(5 * 499500L, sums);
            Assert.All(sums, sum => Assert.True(sum is 5 * 499500L or 0));
        }
    }

    [Fact]
    public void A_failure_that_is_thrown_during_collections_is_kept()
    {
        var failure = Assert.Throws<AggregateException>(() => ParallelRegion.Run(new Recorded(part =>
        {
            GC.Collect();
            if (part == 0)
                throw new InvalidOperationException(new string('x', 1000));
            GC.Collect();
        })));
        Assert.Equal(1000, failure.InnerException!.Message.Length);
    }

    [Fact]
    public void Shares_cover_every_item_exactly_once_and_differ_by_at_most_one() =>
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 5000), Gen.Choose(1, 70)).ToArbitrary(),
            pair =>
            {
                var (count, parts) = pair;
                var shares = Enumerable.Range(0, parts).Select(part => ParallelRegion.Share(count, part, parts)).ToList();
                var sizes = shares.Select(share => share.End - share.First).ToList();
                return shares[0].First == 0 && shares[^1].End == count
                    && shares.Zip(shares.Skip(1)).All(neighbours => neighbours.First.End == neighbours.Second.First)
                    && sizes.Max() - sizes.Min() <= 1;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shares_of_large_counts_do_not_overflow() =>
        Assert.Equal((int.MaxValue - (int.MaxValue / 64) - 1, int.MaxValue), ParallelRegion.Share(int.MaxValue, 63, 64));

    /// <summary>Counts how often each part ran.</summary>
    private sealed class Recorded(Action<int> body) : IParallelWork
    {
        internal int[] Runs { get; } = new int[256];

        internal int Parts { get; private set; }

        public void Execute(int part, int parts)
        {
            Interlocked.Increment(ref Runs[part]);
            if (part == 0)
                Parts = parts;
            body(part);
        }
    }
}
