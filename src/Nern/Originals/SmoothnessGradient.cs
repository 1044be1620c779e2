using Nern.Engine;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Representation;

namespace Nern.Originals;

/// <summary>The regulariser of the paper's equation 6 over all layers that a representation would learn, one layer a thread.</summary>
/// <param name="graph">The architecture.</param>
/// <param name="parameters">Its parameters, to whose gradients those of the regulariser are added.</param>
/// <param name="factor">Its weight in the loss.</param>
internal sealed class SmoothnessGradient(Graph graph, NetworkParameters parameters, float factor) : IParallelWork
{
    // The largest first, so that no thread is left with one at the end.
    private readonly (LearnableLayer Layer, int Offset)[] _layers =
        [.. LearnableLayer.AllOf(graph).OrderByDescending(layer => layer.Kernels).Select(layer => (layer, parameters.OffsetOf(layer.Weight)))];

    private readonly double[] _sums = new double[LearnableLayer.AllOf(graph).Count];
    private int _next;

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
                parameters.Values.Slice(offset, length), layer.Filters, layer.Channels, layer.KernelSize, factor,
                parameters.Gradients.Slice(offset, length));
        }
    }
}
