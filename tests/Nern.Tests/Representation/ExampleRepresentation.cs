using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Orderings;
using Nern.Paths;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Representation;

/// <summary>Small representations with random parameters.</summary>
internal static class ExampleRepresentation
{
    /// <summary>As the paper has it.</summary>
    internal static readonly FitOptions Options = new()
    {
        Predictor = new() { Activation = Activation.Relu, KernelReading = KernelReading.Middle, ValueOrder = ValueOrder.None, FilterMeans = FilterMeans.Predicted },
    };

    internal static NeuralRepresentation Create(OrderingKind kind, string graph = "residual B", ulong seed = 1, FitOptions? options = null)
    {
        var random = new Generator(seed);
        var network = Original(ExampleGraphs.Build(graph), random);
        var layers = LearnableLayer.AllOf(network.Graph);
        var predictor = (options ??= Options).Predictor with { Ordering = kind, Hidden = 8, Depth = 3, EmbeddingBase = 1.1, EmbeddingLevels = 3 };
        var layout = predictor.Layout(network);
        var design = predictor.CreateDesign(
            layout, options.Seed,
            [
                .. layers.Select((layer, l) => OrderingBuilder.Build(kind, new OrderingInput(
                    layout.Padded(network.Values(layer.Weight), l), layer.Filters, layout.Blocks[l], layout.Positions(l).Length))),
            ]);
        float[] parameters = [.. Enumerable.Range(0, design.Shape.ParameterCount).Select(_ => (float)(0.3 * random.NextNormal()))];
        return new(
            network.Graph, design, parameters, Unpredicted(network, layers),
            new Provenance(new NetworkSource("original.th", 1234, new string('a', 64), "module."), [0.1f, 0.2f, 0.3f], [0.5f, 0.25f, 1f]));
    }

    /// <summary>A network with what real checkpoints also hold: a counter, and a tensor of another precision.</summary>
    internal static Network Original(Graph graph, Generator random)
    {
        var network = RandomNetwork.Of(graph, random);
        return new(
            graph,
            [
                .. network.Tensors.Select(pair => pair.Key != "linear.bias"
                    ? pair
                    : KeyValuePair.Create(pair.Key, new Tensor(ElementType.Float16, pair.Value.Shape, new byte[2 * pair.Value.Count]))),
                KeyValuePair.Create("bn1.num_batches_tracked", new Tensor(ElementType.Int64, [], new byte[] { 1, 2, 3, 0, 0, 0, 0, 0 })),
            ]);
    }

    internal static KeyValuePair<string, Tensor?>[] Unpredicted(Network network, IEnumerable<LearnableLayer> layers)
    {
        var predicted = layers.Select(layer => layer.Weight).ToHashSet();
        return [.. network.Tensors.Select(pair => KeyValuePair.Create(pair.Key, predicted.Contains(pair.Key) ? null : pair.Value))];
    }
}
