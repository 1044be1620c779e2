using Nern.Engine;
using Nern.Fitting.Sampling;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;

namespace Nern.Fitting.Distilling;

/// <summary>A lane whose reconstruction has predicted kernels, [kernels, K x K], and yields the gradient of those that were drawn.</summary>
internal sealed class KernelLane : DistillationLane
{
    private readonly PredictedLayers _layers;
    private readonly DrawnKernels _drawn;

    private KernelLane(
        NetworkPlan original, NetworkPlan reconstruction, KernelLayout layout, DrawnKernels drawn, FitOptions options)
        : base(original, reconstruction, DistillationTerms.Of(options.Objective), options.Inputs.Batch) =>
        (_layers, _drawn) = (new PredictedLayers(layout, reconstruction.Layers), drawn);

    /// <summary>Compiles both networks.</summary>
    internal static KernelLane Create(
        CpuEngine engine, Network network, KernelLayout layout, DrawnKernels drawn, int microBatch, FitOptions options)
    {
        var precision = options.PrecisionOn(engine);
        var original = NetworkPlan.Original(engine, network, microBatch, precision);
        var reconstruction = NetworkPlan.Reconstruction(
            engine, network, original, precision, layout.Layers.Select(layer => layer.Name).ToHashSet(), options.Objective.SumsTwice);
        return new(original, reconstruction, layout, drawn, options);
    }

    /// <inheritdoc/>
    internal override void AddGradients(Span<float> sum) => _layers.AddGradients(_drawn.Kernels, sum);

    /// <inheritdoc/>
    private protected override void Write(ReadOnlySpan<float> weights) => _layers.Load(weights);
}
