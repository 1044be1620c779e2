using Nern.OneDnn;

namespace Nern.Ranks;

/// <summary>
/// The processes that share the work of a fit, which MPI calls ranks: all do the same, each with its share, and meet in these calls, which
/// every rank makes in the same order and with as many values. Results are the same on all ranks, to the bit.
/// </summary>
public abstract class Communicator
{
    /// <summary>Which rank this is, from 0. The first shows, saves and writes.</summary>
    public abstract int Rank { get; }

    /// <summary>How many ranks there are.</summary>
    public abstract int Size { get; }

    /// <summary>Whether this is the rank that shows, saves and writes.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether there are others.</summary>
    public bool IsShared => Size > 1;

    /// <summary>Leaves the sums over all ranks. Allocates nothing.</summary>
    public abstract void Sum(Span<float> values);

    /// <summary>Leaves the sums over all ranks.</summary>
    public abstract void Sum(Span<double> values);

    /// <summary>Leaves the largest of all ranks, value by value. Allocates nothing.</summary>
    public abstract void Max(Span<double> values);

    /// <summary>
    /// Each rank has written its <see cref="Share"/> of rows, and now has those of all. Allocates nothing.
    /// </summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="width">Values of a row.</param>
    public abstract void Gather(Span<float> rows, int width);

    /// <summary>Takes over what the first rank has.</summary>
    public abstract void Broadcast(Span<byte> values);

    /// <summary>The range [First, End) of <paramref name="count"/> items that is this rank's.</summary>
    public (int First, int End) Share(int count) => ShareOf(Rank, count);

    /// <summary>The range that is another rank's.</summary>
    protected (int First, int End) ShareOf(int rank, int count) => ParallelRegion.Share(count, rank, Size);

    /// <summary>The most items of <paramref name="count"/> that a rank's share has.</summary>
    internal int LargestShare(int count) => (count + Size - 1) / Size;
}
