using Nern.Coding;
using Nern.Forward;
using Nern.Kernels;
using Nern.Networks;
using Nern.OnnxModels;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// A network as a neural representation: the predictor that gives its kernels, and everything of the network that is not
/// predicted. It needs nothing else to give the network back. In a small one parameters and tensors are made of integers, and there may be
/// layers that are not predicted, or none that are.
/// </summary>
public sealed class NeuralRepresentation
{
    /// <summary>Joins the parts, which must fit together.</summary>
    /// <param name="graph">The network's architecture.</param>
    /// <param name="design">What the predictor is asked, and how; null where no kernels are predicted.</param>
    /// <param name="parameters">The predictor's parameters, as <see cref="PredictorDesign.Shape"/> lays them out.</param>
    /// <param name="tensors">All tensors of the network in their order; null for those that are predicted.</param>
    /// <param name="provenance">Where it comes from.</param>
    /// <exception cref="NernException">The parts do not fit together.</exception>
    public NeuralRepresentation(
        Graph graph, PredictorDesign? design, ReadOnlyMemory<float> parameters, IReadOnlyList<KeyValuePair<string, Tensor?>> tensors,
        Provenance provenance)
    {
        var expected = design?.Shape.ParameterCount ?? 0;
        if (parameters.Length != expected)
            throw new NernException($"The predictor takes {expected} parameters; got {parameters.Length}.");
        var layers = design?.Layout.Layers ?? [];
        var predicted = layers.Select(layer => layer.Weight).ToHashSet();
        var absent = tensors.Where(tensor => tensor.Value is null).Select(tensor => tensor.Key).ToHashSet();
        if (!absent.SetEquals(predicted))
            throw new NernException("The tensors that are left out are not those that the predictor gives.");
        var convolutions = LearnableLayer.AllOf(graph).ToHashSet();
        foreach (var layer in layers)
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

    /// <summary>What the predictor is asked, and how; null where no kernels are predicted.</summary>
    public PredictorDesign? Design { get; }

    /// <summary>The predictor's parameters.</summary>
    public ReadOnlyMemory<float> Parameters { get; }

    /// <summary>All tensors of the network in their order; null for those that are predicted.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor?>> Tensors { get; }

    /// <summary>Where it comes from.</summary>
    public Provenance Provenance { get; }

    /// <summary>
    /// The integers that parameters and tensors are made of, by their names in the file; none in one that keeps them as they are.
    /// </summary>
    internal IReadOnlyDictionary<string, CodedMatrix> Coded { get; init; } = new Dictionary<string, CodedMatrix>();

    /// <summary>Whether its file is a small one, of version 2.</summary>
    public bool IsSmall => Coded.Count > 0;

    /// <summary>The convolutions whose kernels are not those of the original: they are predicted, or rounded to integers.</summary>
    public IReadOnlyList<LearnableLayer> Layers => !IsSmall ? Design?.Layout.Layers ?? [] : [.. LearnableLayer.AllOf(Graph).Where(
        layer => Coded.ContainsKey($"network.{layer.Weight}") || Design?.Layout.Layers.Contains(layer) == true)];

    /// <summary>The ONNX model that the network came from without the values of its tensors, as bytes, if it came from one.</summary>
    public ReadOnlyMemory<byte>? OnnxSkeleton { get; init; }

    /// <summary>
    /// Asks the predictor for every kernel and puts the network together again: the same bits on every machine
    /// (<see cref="ForwardPass"/>).
    /// </summary>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="NernException">A weight that is predicted is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public Network Reconstruct(CancellationToken cancellation = default) =>
        With(Design is { } design ? ForwardPass.PredictAll(design, Parameters, cancellation) : []);

    /// <summary>The network as an ONNX model, as an inference session takes it.</summary>
    /// <exception cref="NernException">A weight that is predicted is not finite, or the network cannot be written as ONNX.</exception>
    public byte[] ToOnnx() => Reconstruct().ToOnnx();

    /// <summary>The network with kernels that were predicted, layer by layer as the design has them.</summary>
    internal Network With(IReadOnlyList<float[]> predicted)
    {
        var weights = new Dictionary<string, Tensor>();
        for (var l = 0; l < predicted.Count; l++)
        {
            var layer = Design!.Layout.Layers[l];
            if (Array.FindIndex(predicted[l], value => !float.IsFinite(value)) is var place and >= 0)
                throw new NernException(FormattableString.Invariant(
                    $"The predictor gives {predicted[l][place]} as element {place} of '{layer.Weight}'; expected finite numbers."));
            weights.Add(layer.Weight, Tensor.Over([layer.Filters, layer.Channels, layer.KernelHeight, layer.KernelWidth], predicted[l]));
        }
        return new(Graph, [.. Tensors.Select(t => KeyValuePair.Create(t.Key, t.Value ?? weights[t.Key]))], Provenance.Source)
        {
            OnnxSkeleton = OnnxSkeleton,
        };
    }
}
