namespace Nern.Paths;

/// <summary>The kernels of one layer, as an ordering is made from them.</summary>
internal sealed class OrderingInput
{
    /// <summary>Wraps the weights of a layer, which are not copied.</summary>
    /// <param name="weights">[filters, channels, kernelSize].</param>
    /// <param name="filters">Filters F of the layer.</param>
    /// <param name="channels">Channels C of a filter.</param>
    /// <param name="kernelSize">Values of one kernel, k x k.</param>
    /// <exception cref="ArgumentException">The weights are not as many as that.</exception>
    /// <exception cref="NernException">A weight is not a finite number.</exception>
    public OrderingInput(ReadOnlyMemory<float> weights, int filters, int channels, int kernelSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(filters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelSize);
        if (weights.Length != (long)filters * channels * kernelSize)
            throw new ArgumentException(
                $"{filters} x {channels} kernels of {kernelSize} values take {(long)filters * channels * kernelSize}; got {weights.Length}.",
                nameof(weights));
        var values = weights.Span;
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new NernException($"Kernels can only be ordered when every weight is a finite number; weight {i} of the layer is {values[i]}.");
        Weights = weights;
        Filters = filters;
        Channels = channels;
        KernelSize = kernelSize;
    }

    /// <summary>The values, [filters, channels, kernelSize].</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>Filters F of the layer.</summary>
    public int Filters { get; }

    /// <summary>Channels C of a filter.</summary>
    public int Channels { get; }

    /// <summary>Values of one kernel, k x k.</summary>
    public int KernelSize { get; }

    /// <summary>Kernels of the layer, F x C.</summary>
    public int Kernels => Filters * Channels;
}
