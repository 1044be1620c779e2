using Nern.Engine;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Representation;

namespace Nern.Training;

/// <summary>
/// The original and its reconstruction as one thread runs them: with primitives and buffers of their own, which stay in that
/// core's cache.
/// </summary>
internal sealed class DistillationLane : IDisposable
{
    private readonly NetworkPlan _original, _reconstruction;
    private readonly FeatureMap[] _maps;
    private readonly ConvolutionWeights[] _layers;
    private readonly KernelLayout _layout;
    private readonly FitOptions _options;

    internal DistillationLane(CpuEngine engine, Network network, KernelLayout layout, int microBatch, FitOptions options)
    {
        _original = NetworkPlan.Original(engine, network, microBatch, options.Precision);
        _reconstruction = NetworkPlan.Reconstruction(
            engine, network, _original, options.Precision, layout.Layers.Select(layer => layer.Name).ToHashSet());
        _layers = [.. layout.Layers.Select(layer => _reconstruction.Layers.Single(weights => weights.Name == layer.Name))];
        _layout = layout;
        _options = options;
        // An array: going through a list behind an interface allocates.
        _maps = options.Fmd > 0 ? [.. _reconstruction.FeatureMaps] : [];
        foreach (var map in _maps)
            (map.Loss, map.Scale) = (FeatureMapLoss.Of, options.Fmd / options.Batch);
    }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => _reconstruction.Steps;

    /// <summary>Times the work between steps; null but while a profile is taken.</summary>
    internal StepClock? Clock { get; private set; }

    /// <summary>Times all steps and the work between; null to end it.</summary>
    internal void Watch(StepClock? clock)
    {
        Clock = clock;
        foreach (var step in Steps)
            step.Clock = clock;
    }

    /// <summary>Where the next micro-batch's images go: float32, NCHW.</summary>
    internal Span<float> Images => _original.Images;

    /// <summary>Takes over the predicted weights, layer by layer.</summary>
    internal void Load(float[][] weights)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
            _layers[layer].Load(weights[layer]);
        Clock?.Finish("weights to layers");
        _reconstruction.LoadWeights();
    }

    /// <summary>A micro-batch through both networks and back.</summary>
    /// <returns>Logit and feature-map loss, unweighted sums over the images.</returns>
    internal (double Kd, double Fmd) Run()
    {
        _reconstruction.Forward();
        var kd = LogitLoss.Apply(
            _original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, _original.Graph.Classes,
            _options.Kd / _options.Batch, _options.KdForm);
        var fmd = 0.0;
        foreach (var map in _maps)
            fmd += map.LossSum;
        Clock?.Finish("losses");
        _reconstruction.Backward();
        return (kd, fmd);
    }

    /// <summary>The last run's gradient.</summary>
    /// <param name="kernels">Kernels in ascending order.</param>
    /// <param name="rows">Receives their gradients, [kernels, K x K].</param>
    internal void ReadGradients(ReadOnlySpan<int> kernels, Span<float> rows)
    {
        while (kernels.Length > 0)
        {
            var layer = _layout.LayerOf(kernels[0]);
            var (first, end) = (_layout.Offsets[layer], _layout.Offsets[layer] + _layout.Layers[layer].Kernels);
            var count = ~kernels.BinarySearch(new Before(end));
            _layers[layer].ReadGradients(kernels[..count], first, _layout.Positions(layer), rows[..(count * _layout.RowSize)]);
            kernels = kernels[count..];
            rows = rows[(count * _layout.RowSize)..];
        }
    }

    /// <summary>Stands before a kernel and all that are equal to it.</summary>
    private readonly struct Before(int kernel) : IComparable<int>
    {
        public int CompareTo(int other) => other < kernel ? 1 : -1;
    }

    public void Dispose()
    {
        _reconstruction.Dispose();
        _original.Dispose();
    }
}
