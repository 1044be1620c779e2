namespace Nern.Fitting.Sampling;

/// <summary>A uniform batch without replacement out of all kernels; all of them when the batch is that large.</summary>
internal sealed class UniformSampler(int kernelCount, int batchSize) : KernelSampler(Math.Min(batchSize, kernelCount))
{
    private readonly RandomSubset _subset = new(kernelCount);

    /// <inheritdoc/>
    protected override int Draw(Span<int> kernels, Generator generator)
    {
        _subset.Draw(kernels[..BatchSize], 0, kernelCount, generator);
        return BatchSize;
    }
}

/// <summary>Every kernel, always; draws no random number.</summary>
internal sealed class AllSampler(int kernelCount) : KernelSampler(kernelCount)
{
    /// <inheritdoc/>
    protected override int Draw(Span<int> kernels, Generator generator)
    {
        for (var i = 0; i < BatchSize; i++)
            kernels[i] = i;
        return BatchSize;
    }
}
