using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Profiling;

/// <summary>
/// The floor of both networks without micro-batches: each primitive on the whole batch and all threads, where maps are too large
/// for the caches.
/// </summary>
internal sealed class WholeBatchFloor : IDisposable
{
    private readonly NetworkPlan _original, _reconstruction;
    private readonly Floor _floor;

    internal WholeBatchFloor(CpuEngine engine, Network network, LayerSelection layers, int batch, Precision precision)
    {
        _original = NetworkPlan.Original(engine, network, batch, precision);
        _reconstruction = NetworkPlan.Reconstruction(
            engine, network, _original, precision, layers.Of(network.Graph).Select(layer => layer.Name).ToHashSet());
        _floor = new Floor(_reconstruction.Steps.Select(step => new[] { step }));
        // Once as in a step, so that buffers hold numbers.
        var shape = network.Graph.InputShape;
        new UniformNoise(shape.Channels, shape.Height, shape.Width).Fill(_original.Images, batch, new Generator(0));
        _reconstruction.Forward();
        _reconstruction.LogitGradient.Fill(1f / batch);
        _reconstruction.Backward();
    }

    /// <summary>Measures every primitive once more.</summary>
    internal void Measure() => _floor.Measure();

    /// <summary>For each round what one pass through both networks and back takes, in seconds.</summary>
    internal IReadOnlyList<double> Seconds => _floor.Of([.. _reconstruction.Steps.Select(step => (step, 1.0))]);

    public void Dispose()
    {
        _reconstruction.Dispose();
        _original.Dispose();
    }
}
