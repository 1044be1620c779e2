using System.Numerics.Tensors;
using Nern.Kernels;
using Nern.Prediction;

namespace Nern.Objectives;

/// <summary>The weights that a predictor is to give, and how far it is from them (paper, equation 3).</summary>
internal sealed class ReconstructionTarget : IRowLoss
{
    private readonly float[] _importance = [];

    /// <param name="layout">The kernels.</param>
    /// <param name="weights">The weights of each layer, [filters, channels, height, width].</param>
    internal ReconstructionTarget(KernelLayout layout, IReadOnlyList<float[]> weights)
    {
        Layout = layout;
        Rows = new float[layout.Kernels * layout.RowSize];
        for (var layer = 0; layer < weights.Count; layer++)
            layout.Write(weights[layer], layer, Rows);
    }

    /// <param name="target">The same weights.</param>
    /// <param name="importance">What the squared error of each kernel is multiplied with, [kernels]; empty where all count alike.</param>
    internal ReconstructionTarget(ReconstructionTarget target, float[] importance) =>
        (Layout, Rows, _importance) = (target.Layout, target.Rows, importance);

    /// <summary>The kernels.</summary>
    internal KernelLayout Layout { get; }

    /// <summary>The weights in the units of their layers, [kernels, K x K].</summary>
    internal float[] Rows { get; }

    /// <summary>The weights, layer by layer, each [filters, channels, height, width].</summary>
    internal float[] Weights()
    {
        var (weights, end) = (new float[Layout.WeightCount], 0);
        for (var l = 0; l < Layout.Layers.Count; l++)
        {
            var count = Layout.Layers[l].Kernels * Layout.Layers[l].KernelSize;
            Layout.Read(Rows, l, weights.AsSpan(end, count));
            end += count;
        }
        return weights;
    }

    /// <summary>The squared norm of each layer's weights.</summary>
    internal double[] SquaredNorms()
    {
        var zeros = new float[Rows.Length];
        return [.. Enumerable.Range(0, Layout.Layers.Count).Select(layer => Layout.SquaredDistance(zeros, Rows, layer))];
    }

    /// <summary>The l2 norm of each kernel.</summary>
    internal float[] Norms()
    {
        var norms = new float[Layout.Kernels];
        for (var kernel = 0; kernel < norms.Length; kernel++)
            norms[kernel] = Layout.Units[Layout.LayerOf(kernel)] * TensorPrimitives.Norm(Rows.AsSpan(kernel * Layout.RowSize, Layout.RowSize));
        return norms;
    }

    /// <summary>The squared error summed over all weights, each kernel's times its importance.</summary>
    /// <param name="predicted">[kernels, K x K].</param>
    internal double SquaredError(float[] predicted)
    {
        if (_importance.Length == 0)
            return Layout.SquaredDistance(predicted, Rows);
        var sum = 0.0;
        for (var kernel = 0; kernel < _importance.Length; kernel++)
            sum += SquaredError(kernel, predicted.AsSpan(kernel * Layout.RowSize));
        return sum;
    }

    /// <summary>For how many of all weights one of some kernels' stands.</summary>
    /// <param name="kernels">Which.</param>
    internal double Share(ReadOnlySpan<int> kernels)
    {
        var weights = 0L;
        foreach (var kernel in kernels)
            weights += Layout.PositionsOf(kernel).Length;
        return (double)Layout.WeightCount / weights;
    }

    /// <summary>The squared error of some kernels, and half its gradient.</summary>
    /// <inheritdoc/>
    public double WriteGradient(ReadOnlySpan<int> kernels, ReadOnlySpan<float> predicted, Span<float> gradient)
    {
        var sum = 0.0;
        for (var row = 0; row < kernels.Length; row++)
            sum += SquaredError(kernels[row], predicted[(row * Layout.RowSize)..]);
        WriteGradient(kernels, predicted, 1, gradient);
        return sum;
    }

    /// <summary>The gradient at the predictions of some kernels; values that are not read of a row are left as they are.</summary>
    /// <param name="kernels">Which.</param>
    /// <param name="predicted">Their predictions, [kernels, K x K].</param>
    /// <param name="factor">What an error is multiplied with.</param>
    /// <param name="gradient">Receives the gradient, [kernels, K x K].</param>
    internal void WriteGradient(ReadOnlySpan<int> kernels, ReadOnlySpan<float> predicted, double factor, Span<float> gradient)
    {
        for (var row = 0; row < kernels.Length; row++)
        {
            var (kernel, first) = (kernels[row], row * Layout.RowSize);
            var layer = Layout.LayerOf(kernel);
            // An error in units is one of a unit's times as much in the weights, and so is the gradient there to that in units.
            var inUnits = (double)Layout.Units[layer] * Layout.Units[layer] * factor;
            var weighted = (float)(_importance.Length > 0 ? inUnits * _importance[kernel] : inUnits);
            foreach (var position in Layout.PositionsOf(layer, kernel - Layout.Offsets[layer]))
                gradient[first + position] = weighted * (predicted[first + position] - Rows[(kernel * Layout.RowSize) + position]);
        }
    }

    private double SquaredError(int kernel, ReadOnlySpan<float> predicted)
    {
        var layer = Layout.LayerOf(kernel);
        var squares = 0.0;
        foreach (var position in Layout.PositionsOf(layer, kernel - Layout.Offsets[layer]))
        {
            var error = (double)predicted[position] - Rows[(kernel * Layout.RowSize) + position];
            squares += error * error;
        }
        squares *= (double)Layout.Units[layer] * Layout.Units[layer];
        return _importance.Length > 0 ? _importance[kernel] * squares : squares;
    }
}
