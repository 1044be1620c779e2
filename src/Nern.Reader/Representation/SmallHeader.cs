using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Representation;

/// <summary>The header of a small .nern file, as JSON. What follows from something else is left out.</summary>
/// <param name="Provenance">Where the representation comes from.</param>
/// <param name="Architecture">The network by name, where it is one that is known by name.</param>
/// <param name="Graph">Else its nodes.</param>
/// <param name="Design">The predictor, where there is one.</param>
/// <param name="Order">Which tensors the network has, in which order.</param>
/// <param name="Tensors">Their names, where <paramref name="Order"/> does not say it.</param>
/// <param name="Cuts">Where in the stream each of its parts but the first begins; null where it is in one.</param>
/// <param name="EndsInFeatures">True where the network ends in features instead of class scores, else left out.</param>
internal sealed record SmallHeader(
    Provenance Provenance, ArchitectureName? Architecture = null, IReadOnlyList<Node>? Graph = null, DesignRecord? Design = null,
    TensorOrder? Order = null, IReadOnlyList<string>? Tensors = null, IReadOnlyList<int>? Cuts = null, bool? EndsInFeatures = null)
{
    private const string CounterSuffix = ".num_batches_tracked";

    /// <summary>The header of a representation.</summary>
    internal static SmallHeader Of(NeuralRepresentation representation)
    {
        var names = representation.Tensors.Select(tensor => tensor.Key).ToList();
        var features = representation.Graph.EndsInFeatures;
        var architecture = features ? null : ArchitectureName.Of(representation.Graph);
        var order = names.SequenceEqual(Names(representation.Graph, TensorOrder.Plain)) ? TensorOrder.Plain
            : names.SequenceEqual(Names(representation.Graph, TensorOrder.Counted)) ? TensorOrder.Counted : (TensorOrder?)null;
        return new(
            representation.Provenance, architecture, architecture is null ? representation.Graph.Nodes : null,
            representation.Design is { } design ? DesignRecord.Of(design) : null, order, order is null ? names : null,
            EndsInFeatures: features ? true : null);
    }

    /// <summary>Names and shapes of the network's tensors, in their order; a counter has no dimensions.</summary>
    /// <exception cref="InvalidDataException">A name is not one of the graph's.</exception>
    internal IEnumerable<(string Name, int[] Shape)> Shapes(Graph graph)
    {
        var shapes = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        var names = Order is { } order ? Names(graph, order) : Tensors ?? throw new InvalidDataException("it names no tensors.");
        foreach (var name in names)
            yield return (name, name is not null && shapes.TryGetValue(name, out var shape) ? shape
                : name?.EndsWith(CounterSuffix, StringComparison.Ordinal) == true ? []
                : throw new InvalidDataException("it names a tensor that the network does not have."));
    }

    private static IEnumerable<string> Names(Graph graph, TensorOrder order) => graph.Parameters.SelectMany(
        parameter => order == TensorOrder.Counted && parameter.Name.EndsWith(".running_var", StringComparison.Ordinal)
            ? new[] { parameter.Name, parameter.Name[..parameter.Name.LastIndexOf('.')] + CounterSuffix }
            : [parameter.Name]);
}

/// <summary>Which tensors a network has, in which order.</summary>
internal enum TensorOrder
{
    /// <summary>Its parameters, node by node.</summary>
    Plain,
    /// <summary>As PyTorch keeps them: after each running variance a counter.</summary>
    Counted,
}
