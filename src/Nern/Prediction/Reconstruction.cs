using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Representation;

namespace Nern.Prediction;

/// <summary>The network that a representation gives back, by the engine.</summary>
public static class Reconstruction
{
    /// <summary>
    /// Asks the predictor for every kernel by the engine, whose sums run in an order of its own: for very large networks. It differs from
    /// what <see cref="NeuralRepresentation.Reconstruct"/> defines by what float32 rounds: no weight by more than 2e-5 of its layer's largest.
    /// </summary>
    /// <param name="representation">The representation.</param>
    /// <param name="engine">What the predictor runs on.</param>
    /// <exception cref="NernException">A weight that is predicted is not finite.</exception>
    public static Network Reconstruct(this NeuralRepresentation representation, CpuEngine engine)
    {
        if (representation.Design is not { } design)
            return representation.With([]);
        var layout = design.Layout;
        using var plan = new PredictorPlan(engine, design, Precision.Float32);
        representation.Parameters.Span.CopyTo(plan.Parameters);
        plan.ParametersChanged();
        var rows = new float[layout.Kernels * layout.RowSize];
        plan.PredictAll(rows);
        var weights = layout.Layers.Select(layer => new float[layer.Kernels * layer.KernelSize]).ToArray();
        for (var l = 0; l < weights.Length; l++)
            layout.ReadPredicted(rows, l, weights[l]);
        return representation.With(weights);
    }
}
