using Nern.OneDnn;
using Nern.Ranks;

namespace Nern.Tests.Ranks;

/// <summary>Ranks that are threads of this process: what they share meets in memory, and sums run in the order of the ranks.</summary>
internal sealed class ThreadRanks(int size)
{
    private readonly Barrier _barrier = new(size);
    private readonly CancellationTokenSource _failed = new();
    private readonly Memory<byte>[] _values = new Memory<byte>[size];
    private readonly double[][] _sums = [.. Enumerable.Range(0, size).Select(_ => new double[1 << 16])];

    /// <summary>Runs a piece of work on each rank, with one thread each.</summary>
    /// <returns>What each gave.</returns>
    /// <exception cref="AggregateException">Some have failed, in the order of the ranks.</exception>
    internal static T[] Run<T>(int size, Func<Communicator, T> work)
    {
        var ranks = new ThreadRanks(size);
        var results = new T[size];
        var failures = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            ParallelRegion.UseThreads(1);
            try
            {
                results[rank] = work(new Member(ranks, rank));
            }
            catch (Exception exception)
            {
                failures[rank] = exception;
                ranks._failed.Cancel();
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        // Those that waited for one that failed have nothing to say.
        var causes = failures.Where(failure => failure is not (null or OperationCanceledException)).Select(failure => failure!).ToArray();
        return causes.Length > 0 ? throw new AggregateException(causes) : results;
    }

    private void Meet() => _barrier.SignalAndWait(_failed.Token);

    private sealed class Member(ThreadRanks ranks, int rank) : Communicator
    {
        public override int Rank => rank;

        public override int Size => ranks._sums.Length;

        public override void Sum(Span<float> values)
        {
            for (var first = 0; first < values.Length || first == 0; first += 1 << 16)
            {
                var part = values[first..Math.Min(values.Length, first + (1 << 16))];
                var own = ranks._sums[rank].AsSpan(0, part.Length);
                for (var i = 0; i < part.Length; i++)
                    own[i] = part[i];
                ranks.Meet();
                for (var i = 0; i < part.Length; i++)
                {
                    var sum = 0f;
                    foreach (var others in ranks._sums)
                        sum += (float)others[i];
                    part[i] = sum;
                }
                ranks.Meet();
            }
        }

        public override void Sum(Span<double> values) => Reduce(values, (sum, value) => sum + value);

        public override void Max(Span<double> values) => Reduce(values, Math.Max);

        public override void Gather(Span<float> rows, int width)
        {
            var (first, end) = Share(rows.Length / width);
            rows[..(first * width)].Clear();
            rows[(end * width)..].Clear();
            Sum(rows);
        }

        public override void Broadcast(Span<byte> values)
        {
            if (rank == 0)
                ranks._values[0] = values.ToArray();
            ranks.Meet();
            ranks._values[0].Span.CopyTo(values);
            ranks.Meet();
        }

        private void Reduce(Span<double> values, Func<double, double, double> operation)
        {
            values.CopyTo(ranks._sums[rank]);
            ranks.Meet();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ranks._sums[0][i];
                foreach (var others in ranks._sums.AsSpan(1))
                    values[i] = operation(values[i], others[i]);
            }
            ranks.Meet();
        }
    }
}
