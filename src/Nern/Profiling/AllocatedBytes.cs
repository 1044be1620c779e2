using Nern.OneDnn;

namespace Nern.Profiling;

/// <summary>The managed memory that the threads of a parallel region have allocated so far.</summary>
internal sealed class AllocatedBytes : IParallelWork
{
    private readonly long[] _threads = new long[ParallelRegion.Threads];

    /// <summary>Asks all threads.</summary>
    internal long Read()
    {
        ParallelRegion.Run(this);
        var sum = 0L;
        foreach (var bytes in _threads)
            sum += bytes;
        return sum;
    }

    /// <inheritdoc/>
    public void Execute(int part, int parts) => _threads[part] = GC.GetAllocatedBytesForCurrentThread();
}
