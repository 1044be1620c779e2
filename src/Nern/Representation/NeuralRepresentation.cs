using Nern.Kernels;
using Nern.Networks;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// A network as a neural representation: the predictor that gives its kernels, and everything of the network that is not
/// predicted. It needs nothing else to give the network back.
/// </summary>
public sealed class NeuralRepresentation
{
    /// <summary>Joins the parts, which must fit together.</summary>
    /// <param name="graph">The network's architecture.</param>
    /// <param name="design">What the predictor is asked, and how.</param>
    /// <param name="parameters">The predictor's parameters, as <see cref="PredictorDesign.Shape"/> lays them out.</param>
    /// <param name="tensors">All tensors of the network in their order; null for those that are predicted.</param>
    /// <param name="provenance">Where it comes from.</param>
    /// <exception cref="NernException">The parts do not fit together.</exception>
    public NeuralRepresentation(
        Graph graph, PredictorDesign design, ReadOnlyMemory<float> parameters, IReadOnlyList<KeyValuePair<string, Tensor?>> tensors,
        Provenance provenance)
    {
        if (parameters.Length != design.Shape.ParameterCount)
            throw new NernException($"The predictor takes {design.Shape.ParameterCount} parameters; got {parameters.Length}.");
        var predicted = design.Layout.Layers.Select(layer => layer.Weight).ToHashSet();
        var absent = tensors.Where(tensor => tensor.Value is null).Select(tensor => tensor.Key).ToHashSet();
        if (!absent.SetEquals(predicted))
            throw new NernException("The tensors that are left out are not those that the predictor gives.");
        var convolutions = LearnableLayer.AllOf(graph).ToHashSet();
        foreach (var layer in design.Layout.Layers)
            if (!convolutions.Contains(layer))
                throw new NernException($"The network has no convolution {layer.Name} of {layer.Filters} x {layer.Channels} kernels of {layer.KernelHeight}x{layer.KernelWidth}.");
        if (Network.Misfits(graph, tensors) is { } misfits)
            throw new NernException($"The tensors do not fit the architecture: {misfits}.");
        Graph = graph;
        Design = design;
        Parameters = parameters;
        Tensors = tensors;
        Provenance = provenance;
    }

    /// <summary>The network's architecture.</summary>
    public Graph Graph { get; }

    /// <summary>What the predictor is asked, and how.</summary>
    public PredictorDesign Design { get; }

    /// <summary>The predictor's parameters.</summary>
    public ReadOnlyMemory<float> Parameters { get; }

    /// <summary>All tensors of the network in their order; null for those that are predicted.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor?>> Tensors { get; }

    /// <summary>Where it comes from.</summary>
    public Provenance Provenance { get; }

    /// <summary>The ONNX model that the network came from without the values of its tensors, as bytes, if it came from one.</summary>
    public ReadOnlyMemory<byte>? OnnxSkeleton { get; init; }
}
