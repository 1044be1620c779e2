namespace Nern.Fitting.Sampling;

/// <summary>The kernels that a step has drawn, in ascending order.</summary>
/// <param name="most">The most that it draws.</param>
internal sealed class DrawnKernels(int most)
{
    /// <summary>Room for all that can be drawn.</summary>
    internal int[] Room { get; } = new int[most];

    /// <summary>How many are.</summary>
    internal int Count { get; private set; }

    /// <summary>The kernels.</summary>
    internal ReadOnlySpan<int> Kernels => Room.AsSpan(0, Count);

    /// <summary>Draws anew.</summary>
    internal void Draw(KernelSampler sampler, Generator generator) => Count = sampler.Sample(Room, generator);
}
