using Nern.Engine;
using Nern.Kernels;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Prediction;

namespace Nern.Fitting.Distilling;

/// <summary>
/// The original and its reconstruction as one thread runs them: with primitives and buffers of their own, which stay in that
/// core's cache.
/// </summary>
internal sealed class DistillationLane : IDisposable
{
    private readonly NetworkPlan _original, _reconstruction;
    private readonly FeatureMap[] _maps;
    private readonly PredictedLayers _layers;
    private readonly FitOptions _options;

    internal DistillationLane(CpuEngine engine, Network network, KernelLayout layout, int microBatch, FitOptions options)
    {
        var precision = options.PrecisionOn(engine);
        _original = NetworkPlan.Original(engine, network, microBatch, precision);
        _reconstruction = NetworkPlan.Reconstruction(
            engine, network, _original, precision, layout.Layers.Select(layer => layer.Name).ToHashSet(), options.Objective.SumsTwice);
        _layers = new PredictedLayers(layout, _reconstruction.Layers);
        _options = options;
        // An array: going through a list behind an interface allocates.
        _maps = options.Objective.Fmd > 0 ? [.. _reconstruction.FeatureMaps] : [];
        foreach (var map in _maps)
            (map.Loss, map.Scale) = (FeatureMapLoss.Of(options.Objective.FmdForm), options.Objective.Fmd / options.Inputs.Batch);
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

    /// <summary>Takes over predictions, [kernels, K x K].</summary>
    internal void Load(ReadOnlySpan<float> predicted)
    {
        _layers.Load(predicted);
        Clock?.Finish("weights to layers");
        _reconstruction.LoadWeights();
    }

    /// <summary>A micro-batch through both networks and back.</summary>
    /// <returns>Logit and feature-map loss, unweighted sums over the images.</returns>
    internal (double Kd, double Fmd) Run()
    {
        _reconstruction.Forward();
        var kd = LogitLoss.Apply(
            _original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, _original.Graph.Logits,
            _options.Objective.Kd / _options.Inputs.Batch, _options.Objective.KdForm);
        var fmd = 0.0;
        foreach (var map in _maps)
            fmd += map.LossSum;
        Clock?.Finish("losses");
        _reconstruction.Backward();
        return (kd, fmd);
    }

    /// <summary>Adds the last run's gradient.</summary>
    /// <param name="kernels">Kernels in ascending order.</param>
    /// <param name="rows">Their sums, [kernels, K x K].</param>
    internal void AddGradients(ReadOnlySpan<int> kernels, Span<float> rows) => _layers.AddGradients(kernels, rows);

    public void Dispose()
    {
        _reconstruction.Dispose();
        _original.Dispose();
    }
}
