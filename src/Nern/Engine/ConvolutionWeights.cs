using System.Numerics.Tensors;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>
/// The weights of one convolution with the batch normalisation behind it folded in: filter f is scaled by
/// gamma_f / sqrt(var_f + eps). Exact for inference-mode normalisation; the gradient is scaled back the same way.
/// </summary>
internal sealed class ConvolutionWeights
{
    private readonly float[] _scales;
    private readonly Memory _folded;
    private Memory? _foldedGradient;
    private int[] _places = [];
    private float[] _gradientMeans = [];

    /// <param name="name">The convolution's name.</param>
    /// <param name="shape">[filters, channels, height, width].</param>
    /// <param name="scales">One factor a filter.</param>
    /// <param name="folded">Where the scaled weights are read from, float32 in row-major order.</param>
    internal ConvolutionWeights(string name, IReadOnlyList<int> shape, float[] scales, Memory folded)
    {
        Name = name;
        Shape = shape;
        _scales = scales;
        _folded = folded;
    }

    /// <summary>The convolution's name.</summary>
    internal string Name { get; }

    /// <summary>[filters, channels / groups, height, width].</summary>
    internal IReadOnlyList<int> Shape { get; }

    private int FilterSize => Shape[1] * Shape[2] * Shape[3];

    /// <summary>Takes over <paramref name="weights"/>, row-major as <see cref="Shape"/>, scaled filter by filter.</summary>
    internal void Load(ReadOnlySpan<float> weights)
    {
        var folded = _folded.AsSpan<float>();
        if (weights.Length != folded.Length)
            throw new ArgumentException($"{Name} has {folded.Length} weights; got {weights.Length}.", nameof(weights));
        for (var filter = 0; filter < _scales.Length; filter++)
            TensorPrimitives.Multiply(
                weights.Slice(filter * FilterSize, FilterSize), _scales[filter], folded.Slice(filter * FilterSize, FilterSize));
    }

    /// <summary>The memory the backward pass leaves the folded weights' gradient in, and where each has its place there.</summary>
    internal void SetGradient(Memory foldedGradient, int[] places) => (_foldedGradient, _places) = (foldedGradient, places);

    /// <summary>Adds the gradient with respect to some kernels, or blocks of kernels, of the unfolded weights.</summary>
    /// <param name="kernels">Which of all in the layout.</param>
    /// <param name="layout">How they lie in rows.</param>
    /// <param name="layer">The layer of theirs.</param>
    /// <param name="rows">Their sums, a row a kernel.</param>
    internal void AddGradients(ReadOnlySpan<int> kernels, KernelLayout layout, int layer, Span<float> rows)
    {
        var gradients = _foldedGradient!.AsSpan<float>();
        if (layout.Means is not null)
            TakeMeans(gradients);
        for (var i = 0; i < kernels.Length; i++)
        {
            var kernel = kernels[i] - layout.Offsets[layer];
            var (first, count) = layout.WeightsOf(layer, kernel);
            var filter = first / FilterSize;
            var scale = layout.Units[layer] * _scales[filter];
            // What moves a filter as a whole moves nothing where its mean is known.
            var mean = layout.Means is null ? 0 : _gradientMeans[filter];
            var places = _places.AsSpan(first, count);
            var positions = layout.PositionsOf(layer, kernel);
            var row = rows.Slice(i * layout.RowSize, layout.RowSize);
            for (var value = 0; value < places.Length; value++)
                row[positions[value]] += scale * (gradients[places[value]] - mean);
        }
    }

    /// <summary>The mean of the gradient over each filter.</summary>
    private void TakeMeans(ReadOnlySpan<float> gradients)
    {
        if (_gradientMeans.Length == 0)
            _gradientMeans = new float[_scales.Length];
        for (var filter = 0; filter < _gradientMeans.Length; filter++)
        {
            var sum = 0.0;
            foreach (var place in _places.AsSpan(filter * FilterSize, FilterSize))
                sum += gradients[place];
            _gradientMeans[filter] = (float)(sum / FilterSize);
        }
    }

    /// <summary>
    /// Scales and bias of a convolution, and of what follows it: a <see cref="BatchNorm"/>, a <see cref="ChannelAffine"/> or nothing.
    /// </summary>
    internal static (float[] Scales, float[] Bias) Fold(Network network, Convolution convolution, Node? norm)
    {
        var scales = new float[convolution.Filters];
        var bias = convolution.HasBias ? network.Values($"{convolution.Name}.bias") : new float[convolution.Filters];
        if (norm is null)
        {
            Array.Fill(scales, 1f);
            return (scales, bias);
        }
        var gamma = network.Values($"{norm.Name}.weight");
        var beta = network.Values($"{norm.Name}.bias");
        var normalisation = norm as BatchNorm;
        var mean = normalisation is null ? new float[gamma.Length] : network.Values($"{norm.Name}.running_mean");
        var variance = normalisation is null ? null : network.Values($"{norm.Name}.running_var");
        for (var filter = 0; filter < scales.Length; filter++)
        {
            var scale = variance is null ? gamma[filter] : gamma[filter] / Math.Sqrt(variance[filter] + (double)normalisation!.Epsilon);
            bias[filter] = (float)(beta[filter] + ((bias[filter] - mean[filter]) * scale));
            scales[filter] = (float)scale;
        }
        return (scales, bias);
    }
}
