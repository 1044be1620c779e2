using Nern.Engine;
using Nern.Kernels;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;

namespace Nern.Training;

/// <summary>The regulariser of the paper's equation 6 over all layers that a representation would learn, one layer a thread.</summary>
internal sealed class SmoothnessGradient : IParallelWork
{
    private readonly NetworkParameters _parameters;
    private readonly float _factor;
    private readonly (LearnableLayer Layer, int Offset)[] _layers;
    private readonly double[] _sums;
    private int _next;

    /// <param name="graph">The architecture.</param>
    /// <param name="parameters">Its parameters, to whose gradients those of the regulariser are added.</param>
    /// <param name="factor">Its weight in the loss.</param>
    internal SmoothnessGradient(Graph graph, NetworkParameters parameters, float factor)
    {
        (_parameters, _factor) = (parameters, factor);
        // The largest first, so that no thread is left with one at the end.
        _layers =
        [
            .. LearnableLayer.AllOf(graph).OrderByDescending(layer => layer.Kernels)
                .Select(layer => (layer, parameters.OffsetOf(layer.Weight))),
        ];
        _sums = new double[_layers.Length];
    }

    /// <summary>Adds the gradient at the parameters as they are; returns the sum over all layers, without the factor.</summary>
    internal double Add()
    {
        _next = 0;
        ParallelRegion.Run(this);
        var total = 0.0;
        foreach (var sum in _sums)
            total += sum;
        return total;
    }

    public void Execute(int part, int parts)
    {
        for (int index; (index = Interlocked.Increment(ref _next) - 1) < _layers.Length;)
        {
            var (layer, offset) = _layers[index];
            var length = layer.Kernels * layer.KernelSize;
            _sums[index] = SmoothnessLoss.AddGradient(
                _parameters.Values.Slice(offset, length), layer.Filters, layer.Channels, layer.KernelSize, _factor,
                _parameters.Gradients.Slice(offset, length));
        }
    }
}
