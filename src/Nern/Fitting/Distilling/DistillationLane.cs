using Nern.Engine;
using Nern.Networks;
using Nern.Objectives;

namespace Nern.Fitting.Distilling;

/// <summary>
/// The original and its reconstruction as one thread runs them: with primitives and buffers of their own, which stay in that
/// core's cache.
/// </summary>
internal abstract class DistillationLane : IDisposable
{
    private readonly NetworkPlan _original, _reconstruction;
    private readonly FeatureMap[] _maps;
    private readonly DistillationTerms _terms;
    private readonly int _batch;

    /// <param name="original">The original's plan, which the lane owns.</param>
    /// <param name="reconstruction">The reconstruction's plan, which the lane owns.</param>
    /// <param name="terms">The losses.</param>
    /// <param name="batch">Images of a whole batch, over which the losses are means.</param>
    private protected DistillationLane(NetworkPlan original, NetworkPlan reconstruction, DistillationTerms terms, int batch)
    {
        (_original, _reconstruction, _terms, _batch) = (original, reconstruction, terms, batch);
        // An array: going through a list behind an interface allocates.
        _maps = terms.Fmd > 0 ? [.. reconstruction.FeatureMaps] : [];
        foreach (var map in _maps)
            (map.Loss, map.Scale) = (terms.MapLoss, terms.Fmd / batch);
    }

    /// <summary>The shape of an image.</summary>
    internal ImageShape InputShape => _original.Graph.InputShape;

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

    /// <summary>Takes over the reconstruction's weights.</summary>
    internal void Load(ReadOnlySpan<float> weights)
    {
        Write(weights);
        Clock?.Finish("weights to layers");
        _reconstruction.LoadWeights();
    }

    /// <summary>A micro-batch through both networks and back.</summary>
    /// <returns>Logit and feature-map loss, unweighted sums over the images.</returns>
    internal (double Kd, double Fmd) Run()
    {
        _reconstruction.Forward();
        var graph = _original.Graph;
        var scale = _terms.Kd / _batch;
        var kd = graph.EndsInFeatures
            ? FeatureLoss.Apply(_original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, graph.Logits, scale)
            : LogitLoss.Apply(
                _original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, graph.Logits, scale, _terms.KdForm);
        var fmd = 0.0;
        foreach (var map in _maps)
            fmd += map.LossSum;
        Clock?.Finish("losses");
        _reconstruction.Backward();
        return (kd, fmd);
    }

    /// <summary>Adds the last run's gradient.</summary>
    internal abstract void AddGradients(Span<float> sum);

    /// <summary>Puts the reconstruction's weights where its plan reads them.</summary>
    private protected abstract void Write(ReadOnlySpan<float> weights);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _reconstruction.Dispose();
        _original.Dispose();
    }
}
