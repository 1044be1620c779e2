using System.Buffers;

namespace Nern.Objectives;

/// <summary>
/// The smoothness of one convolution (paper, equation 6): the distances of all kernels that are neighbours along the filters or
/// along the channels, summed. The distance is the cosine one, 1 - a·b / (|a| |b|), or |a - b| when kernels are 1 x 1.
/// </summary>
/// <remarks>
/// With u = x / |x| and N the sum of the u of its up to four neighbours, a kernel x has the gradient -(N - (u·N) u) / |x|, and the
/// cosines of all pairs sum to half of all u·N. The gradient grows without bound as a kernel vanishes, so a norm below
/// <see cref="ShortestNorm"/> counts as that: kernels of zeros are at distance 1 from everything, and all gradients stay finite.
/// Trained networks have no kernels so short, but for pruned ones. Where |a - b| is 0, it is given the gradient 0.
/// </remarks>
internal static class SmoothnessLoss
{
    /// <summary>Below it a kernel's norm is taken to be this.</summary>
    internal const double ShortestNorm = 1e-4;

    /// <summary>How many pairs of neighbours a grid of kernels has.</summary>
    internal static long Pairs(int filters, int channels) => ((filters - 1L) * channels) + (filters * (channels - 1L));

    /// <summary>The sum over all pairs.</summary>
    /// <param name="weights">[filters, channels, kernelSize].</param>
    /// <param name="filters">Filters.</param>
    /// <param name="channels">Channels of a filter.</param>
    /// <param name="kernelSize">Values of a kernel, k x k.</param>
    internal static double Of(ReadOnlySpan<float> weights, int filters, int channels, int kernelSize) =>
        AddGradient(weights, filters, channels, kernelSize, 0, []);

    /// <summary>The sum over all pairs, unscaled; adds <paramref name="factor"/> times its gradient.</summary>
    /// <param name="weights">[filters, channels, kernelSize].</param>
    /// <param name="filters">Filters.</param>
    /// <param name="channels">Channels of a filter.</param>
    /// <param name="kernelSize">Values of a kernel, k x k.</param>
    /// <param name="factor">What the gradient is multiplied with.</param>
    /// <param name="gradient">Is added to, [filters, channels, kernelSize]; or empty.</param>
    internal static double AddGradient(
        ReadOnlySpan<float> weights, int filters, int channels, int kernelSize, float factor, Span<float> gradient) =>
        kernelSize == 1
            ? AddDistances(weights, filters, channels, factor, gradient)
            : AddCosines(weights, filters, channels, kernelSize, factor, gradient);

    private static double AddDistances(ReadOnlySpan<float> weights, int filters, int channels, float factor, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (i + channels < weights.Length)
                sum += AddDistance(weights, i, i + channels, factor, gradient);
            if ((i + 1) % channels != 0)
                sum += AddDistance(weights, i, i + 1, factor, gradient);
        }
        return sum;
    }

    private static double AddDistance(ReadOnlySpan<float> weights, int first, int second, float factor, Span<float> gradient)
    {
        var difference = (double)weights[first] - weights[second];
        if (!gradient.IsEmpty)
        {
            var slope = difference > 0 ? factor : difference < 0 ? -factor : 0;
            gradient[first] += slope;
            gradient[second] -= slope;
        }
        return Math.Abs(difference);
    }

    private static double AddCosines(
        ReadOnlySpan<float> weights, int filters, int channels, int size, float factor, Span<float> gradient)
    {
        var kernels = filters * channels;
        // Behind the last kernel stands one of zeros: the neighbour of those at an edge.
        var rented = ArrayPool<double>.Shared.Rent(((kernels + 1) * size) + kernels + size);
        var units = rented.AsSpan(0, (kernels + 1) * size);
        var norms = rented.AsSpan(units.Length, kernels);
        var around = rented.AsSpan(units.Length + kernels, size);
        Normalize(weights, units, norms, size);
        var cosines = 0.0;
        for (var (f, kernel) = (0, 0); f < filters; f++)
        {
            for (var c = 0; c < channels; c++, kernel++)
            {
                var unit = units.Slice(kernel * size, size);
                var cosine = AddUp(
                    unit, around,
                    units.Slice((f > 0 ? kernel - channels : kernels) * size, size),
                    units.Slice((f < filters - 1 ? kernel + channels : kernels) * size, size),
                    units.Slice((c > 0 ? kernel - 1 : kernels) * size, size),
                    units.Slice((c < channels - 1 ? kernel + 1 : kernels) * size, size));
                cosines += cosine;
                if (gradient.IsEmpty)
                    continue;
                // A norm that counts as another does not change with the kernel.
                var (scale, along) = norms[kernel] > ShortestNorm ? (factor / norms[kernel], cosine) : (factor / ShortestNorm, 0);
                var slope = gradient.Slice(kernel * size, size);
                for (var i = 0; i < slope.Length; i++)
                    slope[i] -= (float)(scale * (around[i] - (along * unit[i])));
            }
        }
        ArrayPool<double>.Shared.Return(rented);
        return Math.Max(0, Pairs(filters, channels) - (cosines / 2));
    }

    /// <summary>Divides each kernel by its norm.</summary>
    private static void Normalize(ReadOnlySpan<float> weights, Span<double> units, Span<double> norms, int size)
    {
        for (var kernel = 0; kernel < norms.Length; kernel++)
        {
            var values = weights.Slice(kernel * size, size);
            var unit = units.Slice(kernel * size, size);
            var squares = 0.0;
            foreach (var value in values)
                squares += (double)value * value;
            norms[kernel] = Math.Sqrt(squares);
            var inverse = 1 / Math.Max(norms[kernel], ShortestNorm);
            for (var i = 0; i < values.Length; i++)
                unit[i] = values[i] * inverse;
        }
        units[(norms.Length * size)..].Clear();
    }

    /// <summary>Adds up four neighbours; returns the inner product of a kernel with their sum.</summary>
    private static double AddUp(
        ReadOnlySpan<double> unit, Span<double> sum,
        ReadOnlySpan<double> above, ReadOnlySpan<double> below, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var product = 0.0;
        for (var i = 0; i < unit.Length; i++)
        {
            sum[i] = above[i] + below[i] + left[i] + right[i];
            product += sum[i] * unit[i];
        }
        return product;
    }
}
