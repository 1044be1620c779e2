using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>Work that is shared out over threads.</summary>
public interface IParallelWork
{
    /// <summary>Does part <paramref name="part"/> of <paramref name="parts"/>; the parts run at the same time.</summary>
    void Execute(int part, int parts);
}

/// <summary>
/// Runs managed work on the very OpenMP threads that oneDNN uses. They are awake between two primitives, so a pass
/// starts in about a microsecond, and no second pool of threads fights them for the cores. Within a region everything runs on
/// the one thread that meets it: primitives (made by <see cref="OnOneThread"/>) and further regions.
/// </summary>
public static unsafe class ParallelRegion
{
    /// <summary>How many threads a region has (OMP_NUM_THREADS, or the number of processors, unless <see cref="UseThreads"/> has said otherwise).</summary>
    public static int Threads => OpenMp.omp_get_max_threads();

    /// <summary>From now on, regions that the calling thread begins, and primitives that it makes, have so many threads.</summary>
    public static void UseThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        OpenMp.omp_set_num_threads(threads);
    }

    /// <summary>Runs all parts of <paramref name="work"/> and waits for them. Allocates nothing.</summary>
    /// <exception cref="AggregateException">A part failed; the first failure is inside.</exception>
    public static void Run(IParallelWork work)
    {
        if (OpenMp.omp_in_parallel() != 0)
        {
            work.Execute(0, 1);
            return;
        }
        var call = new Call { Work = work };
        // The address of a local: the frame outlives the region, and the collector keeps its references current.
        OpenMp.GOMP_parallel(&Body, Unsafe.AsPointer(ref call), 0, 0);
        if (call.Failure is not null)
            throw new AggregateException(call.Failure);
    }

    /// <summary>Makes primitives that run on one thread: for use within a region, each thread with primitives of its own.</summary>
    public static T OnOneThread<T>(Func<T> make)
    {
        using (Alone())
            return make();
    }

    /// <summary>
    /// Until the result is disposed, what the calling thread runs and makes, it runs on itself alone and makes for one thread: for work
    /// so small that waiting for others takes longer, above all where they share their cores with another program.
    /// </summary>
    public static SingleThread Alone() => new(Threads);

    /// <summary>
    /// The range [first, end) of <paramref name="count"/> items that is part <paramref name="part"/> of <paramref name="parts"/>.
    /// </summary>
    public static (int First, int End) Share(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));

    /// <summary>The end of <see cref="Alone"/>.</summary>
    public readonly ref struct SingleThread
    {
        private readonly int _threads;

        internal SingleThread(int threads)
        {
            _threads = threads;
            OpenMp.omp_set_num_threads(1);
        }

        /// <summary>Regions have as many threads again as before.</summary>
        public void Dispose() => OpenMp.omp_set_num_threads(_threads);
    }

    [UnmanagedCallersOnly]
    private static void Body(void* data)
    {
        ref var call = ref Unsafe.AsRef<Call>(data);
        try
        {
            call.Work.Execute(OpenMp.omp_get_thread_num(), OpenMp.omp_get_num_threads());
        }
        catch (Exception exception)
        {
            // No exception may cross the native frames of the OpenMP runtime.
            call.Failure ??= exception;
        }
    }

    private struct Call
    {
        internal IParallelWork Work;
        internal Exception? Failure;
    }
}
