using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Prediction;

/// <summary>The network that a representation gives back.</summary>
public static class Reconstruction
{
    /// <summary>Asks the predictor for every kernel and puts the network together again.</summary>
    /// <param name="representation">The representation.</param>
    /// <param name="engine">What the predictor runs on.</param>
    public static Network Reconstruct(this NeuralRepresentation representation, CpuEngine engine)
    {
        var weights = representation.Design is { } design ? Predicted(representation, design, engine) : [];
        return new Network(
            representation.Graph, [.. representation.Tensors.Select(t => KeyValuePair.Create(t.Key, t.Value ?? weights[t.Key]))],
            representation.Provenance.Source)
        {
            OnnxSkeleton = representation.OnnxSkeleton,
        };
    }

    private static Dictionary<string, Tensor> Predicted(NeuralRepresentation representation, PredictorDesign design, CpuEngine engine)
    {
        var layout = design.Layout;
        using var plan = new PredictorPlan(engine, design, Precision.Float32);
        representation.Parameters.Span.CopyTo(plan.Parameters);
        plan.ParametersChanged();
        var rows = new float[layout.Kernels * layout.RowSize];
        plan.PredictAll(rows);
        var weights = new Dictionary<string, Tensor>();
        for (var l = 0; l < layout.Layers.Count; l++)
        {
            var layer = layout.Layers[l];
            var values = new float[layer.Kernels * layer.KernelSize];
            layout.Read(rows, l, values);
            weights.Add(layer.Weight, Tensor.From([layer.Filters, layer.Channels, layer.KernelHeight, layer.KernelWidth], values));
        }
        return weights;
    }
}
