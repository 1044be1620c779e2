namespace Nern.Fitting.Sampling;

/// <summary>
/// Draws the kernels through which the gradient of a step flows. Kernels are numbered from 0, layer after layer. A draw depends on
/// nothing but the state of the generator, so a run continues exactly from a checkpoint, and it allocates nothing.
/// </summary>
internal abstract class KernelSampler
{
    /// <summary>For samplers whose draws hold up to <paramref name="batchSize"/> kernels.</summary>
    protected KernelSampler(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        BatchSize = batchSize;
    }

    /// <summary>The most kernels a draw returns: what the span given to <see cref="Sample"/> must hold.</summary>
    public int BatchSize { get; }

    /// <summary>Makes the sampler that <paramref name="options"/> asks for.</summary>
    /// <param name="options">What to draw.</param>
    /// <param name="kernelCounts">Kernels of each layer, [layers].</param>
    /// <param name="norms">The l2 norm of every original kernel, [kernels]; only <see cref="SamplingKind.Magnitude"/> looks at it.</param>
    /// <exception cref="NernException">A norm is not a finite number.</exception>
    public static KernelSampler Create(SamplingOptions options, ReadOnlySpan<int> kernelCounts, ReadOnlySpan<float> norms)
    {
        var kernels = 0;
        foreach (var count in kernelCounts)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(kernelCounts));
            kernels = checked(kernels + count);
        }

        return options.Kind switch
        {
            SamplingKind.All => new AllSampler(kernels),
            SamplingKind.Layer => new LayerSampler(kernelCounts, options.Kernels),
            SamplingKind.Uniform => new UniformSampler(kernels, options.Kernels),
            SamplingKind.Magnitude when norms.Length == kernels => new MagnitudeSampler(norms, options.Kernels, options.UniformProbability),
            SamplingKind.Magnitude => throw new ArgumentException($"Expected {kernels} norms. Were {norms.Length}.", nameof(norms)),
            _ => throw new ArgumentException($"Expected a way of drawing. Was {options.Kind}.", nameof(options)),
        };
    }

    /// <summary>Draws kernels, each at most once and in ascending order, which is the order they lie in memory.</summary>
    /// <param name="kernels">Receives the numbers; holds <see cref="BatchSize"/> or more.</param>
    /// <param name="generator">Where the randomness comes from.</param>
    /// <returns>How many were drawn.</returns>
    /// <exception cref="ArgumentException"><paramref name="kernels"/> is too short.</exception>
    public int Sample(Span<int> kernels, Generator generator)
    {
        if (kernels.Length < BatchSize)
            throw new ArgumentException($"Expected room for {BatchSize} kernels. Was {kernels.Length}.", nameof(kernels));
        return Draw(kernels, generator);
    }

    /// <summary>The draw itself, into a span that is long enough.</summary>
    protected abstract int Draw(Span<int> kernels, Generator generator);
}
