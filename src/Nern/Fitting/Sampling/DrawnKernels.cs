using Nern.Ranks;

namespace Nern.Fitting.Sampling;

/// <summary>The kernels that a step has drawn, in ascending order: the same on all ranks, each of which has a share of them.</summary>
/// <param name="most">The most that it draws.</param>
/// <param name="ranks">Who shares them.</param>
internal sealed class DrawnKernels(int most, Communicator ranks)
{
    /// <summary>Room for all that can be drawn.</summary>
    internal int[] Room { get; } = new int[most];

    /// <summary>How many are.</summary>
    internal int Count { get; private set; }

    /// <summary>The kernels.</summary>
    internal ReadOnlySpan<int> Kernels => Room.AsSpan(0, Count);

    /// <summary>Room for this rank's share.</summary>
    internal int[] OwnRoom { get; } = new int[ranks.LargestShare(most)];

    /// <summary>Which of the kernels is the first of this rank's share.</summary>
    internal int OwnFirst { get; private set; }

    /// <summary>How many kernels this rank has.</summary>
    internal int OwnCount { get; private set; }

    /// <summary>This rank's kernels.</summary>
    internal ReadOnlySpan<int> Own => OwnRoom.AsSpan(0, OwnCount);

    /// <summary>Draws anew.</summary>
    internal void Draw(KernelSampler sampler, Generator generator)
    {
        Count = sampler.Sample(Room, generator);
        var (first, end) = ranks.Share(Count);
        (OwnFirst, OwnCount) = (first, end - first);
        Kernels[first..end].CopyTo(OwnRoom);
    }
}
