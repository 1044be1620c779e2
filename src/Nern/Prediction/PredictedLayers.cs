using Nern.Engine;
using Nern.Kernels;

namespace Nern.Prediction;

/// <summary>The convolutions of a plan whose weights are predicted.</summary>
internal sealed class PredictedLayers
{
    private readonly KernelLayout _layout;
    private readonly ConvolutionWeights[] _layers;
    private readonly float[] _buffer;

    /// <param name="layout">The predicted kernels.</param>
    /// <param name="layers">The plan's convolutions that change; they are matched by name.</param>
    internal PredictedLayers(KernelLayout layout, IReadOnlyList<ConvolutionWeights> layers)
    {
        _layout = layout;
        _layers = [.. layout.Layers.Select(layer => layers.Single(weights => weights.Name == layer.Name))];
        _buffer = new float[layout.Layers.Max(layer => layer.Kernels * layer.KernelSize)];
    }

    /// <summary>Takes over predictions, [kernels, K x K].</summary>
    internal void Load(ReadOnlySpan<float> predicted)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var weights = _buffer.AsSpan(0, _layout.Layers[layer].Kernels * _layout.Layers[layer].KernelSize);
            _layout.ReadPredicted(predicted, layer, weights);
            _layers[layer].Load(weights);
        }
    }

    /// <summary>Adds the last backward pass's gradient.</summary>
    /// <param name="kernels">Kernels in ascending order.</param>
    /// <param name="rows">Their sums, [kernels, K x K].</param>
    internal void AddGradients(ReadOnlySpan<int> kernels, Span<float> rows)
    {
        while (kernels.Length > 0)
        {
            var layer = _layout.LayerOf(kernels[0]);
            var count = CountBelow(_layout.Offsets[layer] + _layout.Counts[layer], kernels);
            _layers[layer].AddGradients(kernels[..count], _layout, layer, rows[..(count * _layout.RowSize)]);
            kernels = kernels[count..];
            rows = rows[(count * _layout.RowSize)..];
        }
    }

    private static int CountBelow(int end, ReadOnlySpan<int> kernels)
    {
        var count = 0;
        while (count < kernels.Length && kernels[count] < end)
            count++;
        return count;
    }
}
