namespace Nern.Fitting.Sampling;

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
