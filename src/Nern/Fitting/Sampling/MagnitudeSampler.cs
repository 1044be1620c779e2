namespace Nern.Fitting.Sampling;

/// <summary>
/// Magnitude-oriented sampling (section 3.2): with one probability a uniform batch, else a batch drawn kernel after kernel with
/// probability proportional to the l2 norm, both without replacement. The second draw gives each kernel an exponential waiting time
/// at a rate of its norm and takes those that come first (Efraimidis and Spirakis, <i>Weighted random sampling with a reservoir</i>, 2006).
/// The released code replaces in the second draw, so that its batches hold fewer different kernels.
/// </summary>
internal sealed class MagnitudeSampler : KernelSampler
{
    // Kernels of zeros must be able to fill a batch, so no kernel is less likely than this part of the likeliest one.
    private const double SmallestPart = 1e-9;

    private readonly double _uniformProbability;
    private readonly float[] _meanWaits, _waits, _scratch;
    private readonly RandomSubset _subset;

    /// <summary>Draws from kernels of the given norms.</summary>
    /// <param name="norms">l2 norm of each original kernel, [kernels].</param>
    /// <param name="batchSize">How many are drawn; all of them when the batch is that large.</param>
    /// <param name="uniformProbability">How often the batch is uniform, in [0, 1].</param>
    /// <exception cref="NernException">A norm is not a finite number of 0 or more.</exception>
    public MagnitudeSampler(ReadOnlySpan<float> norms, int batchSize, double uniformProbability = 0.8)
        : base(Math.Min(batchSize, norms.Length))
    {
        _uniformProbability = uniformProbability;
        _subset = new RandomSubset(norms.Length);
        _meanWaits = new float[norms.Length];
        _waits = new float[norms.Length];
        _scratch = new float[norms.Length];

        var largest = 0f;
        for (var i = 0; i < norms.Length; i++)
        {
            if (!float.IsFinite(norms[i]) || norms[i] < 0)
                throw new NernException($"The norm of kernel {i} must be a finite number of 0 or more, but is {norms[i]}.");
            largest = Math.Max(largest, norms[i]);
        }

        for (var i = 0; i < norms.Length; i++)
            _meanWaits[i] = largest == 0 ? 1 : (float)(1 / Math.Max((double)norms[i] / largest, SmallestPart));
    }

    /// <inheritdoc/>
    protected override int Draw(Span<int> kernels, Generator generator)
    {
        kernels = kernels[..BatchSize];
        if (BatchSize == _waits.Length || generator.NextDouble() < _uniformProbability)
            _subset.Draw(kernels, 0, _waits.Length, generator);
        else
            DrawByNorm(kernels, generator);
        return BatchSize;
    }

    private void DrawByNorm(Span<int> kernels, Generator generator)
    {
        for (var i = 0; i < _waits.Length; i++)
            _waits[i] = (float)(-Math.Log(1 - generator.NextDouble()) * _meanWaits[i]);

        _waits.CopyTo(_scratch, 0);
        var last = Selection.Select(_scratch, kernels.Length - 1);

        // Those before the last one, and as many of its equals as there is room for.
        var ties = kernels.Length;
        foreach (var wait in _waits)
        {
            if (wait < last)
                ties--;
        }

        for (int i = 0, filled = 0; filled < kernels.Length; i++)
        {
            if (_waits[i] < last || (_waits[i] == last && ties-- > 0))
                kernels[filled++] = i;
        }
    }
}
