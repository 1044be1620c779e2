namespace Nern.Fitting.Sampling;

/// <summary>
/// All kernels of one layer, each layer being equally likely; of a layer larger than the batch, a uniform batch without replacement.
/// </summary>
internal sealed class LayerSampler : KernelSampler
{
    private readonly int[] _starts;
    private readonly RandomSubset _subset;

    /// <summary>Draws from layers of <paramref name="kernelCounts"/> kernels, at most <paramref name="batchSize"/> at once.</summary>
    public LayerSampler(ReadOnlySpan<int> kernelCounts, int batchSize)
        : base(Math.Min(batchSize, Largest(kernelCounts)))
    {
        _starts = new int[kernelCounts.Length + 1];
        for (var layer = 0; layer < kernelCounts.Length; layer++)
            _starts[layer + 1] = checked(_starts[layer] + kernelCounts[layer]);
        _subset = new RandomSubset(Largest(kernelCounts));
    }

    /// <inheritdoc/>
    protected override int Draw(Span<int> kernels, Generator generator)
    {
        var layer = generator.NextInt32(_starts.Length - 1);
        var count = _starts[layer + 1] - _starts[layer];
        var drawn = Math.Min(count, BatchSize);
        _subset.Draw(kernels[..drawn], _starts[layer], count, generator);
        return drawn;
    }

    private static int Largest(ReadOnlySpan<int> kernelCounts)
    {
        var largest = 0;
        foreach (var count in kernelCounts)
            largest = Math.Max(largest, count);
        return largest;
    }
}
