using Nern.Engine.Stages;
using Nern.Networks;
using Nern.Tensors;

namespace Nern.Compression;

/// <summary>
/// A network whose normalisations are folded into the convolutions before them: convolution, plus bias, and nothing else that has
/// parameters but fully connected layers. In inference it computes what the network does.
/// </summary>
internal sealed class FoldedNetwork
{
    private FoldedNetwork(Network network, IReadOnlyList<FoldedLayer> layers) => (Network, Layers) = (network, layers);

    /// <summary>The folded network.</summary>
    internal Network Network { get; }

    /// <summary>Its layers that have weights, in its order.</summary>
    internal IReadOnlyList<FoldedLayer> Layers { get; }

    /// <summary>Folds a network.</summary>
    internal static FoldedNetwork Of(Network network)
    {
        var graph = network.Graph;
        var readers = graph.Nodes.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        var nodes = new List<Node>();
        var layers = new List<FoldedLayer>();
        var tensors = new List<KeyValuePair<string, Tensor>>();
        // For each node of the network the folded one that yields its value.
        var places = new int[graph.Nodes.Count];
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            var moved = node with { Inputs = [.. node.Inputs.Select(input => places[input])] };
            switch (node)
            {
                case Convolution convolution:
                    var next = i + 1 < graph.Nodes.Count && readers.GetValueOrDefault(i) == 1
                        ? Enumerable.Range(i + 1, graph.Nodes.Count - i - 1).First(reader => graph.Nodes[reader].Inputs.Contains(i)) : -1;
                    var norm = next >= 0 && graph.Nodes[next] is BatchNorm or ChannelAffine ? graph.Nodes[next] : null;
                    Add(((Convolution)moved) with { HasBias = true }, convolution, norm);
                    break;
                case BatchNorm or ChannelAffine when graph.Nodes[node.Inputs[0]] is Convolution && readers[node.Inputs[0]] == 1:
                    places[i] = places[node.Inputs[0]];
                    continue;
                case BatchNorm or ChannelAffine:
                    var channels = graph.ShapeOf(node.Inputs[0]).Channels;
                    Add(new Convolution(node.Name, moved.Inputs, channels, 1, 1, Window.Square(1, 0), channels, HasBias: true), null, node);
                    break;
                case Gemm gemm:
                    nodes.Add(gemm with { Inputs = moved.Inputs, HasBias = true });
                    var weight = network.Tensors[$"{gemm.Name}.weight"];
                    var bias = gemm.HasBias ? network.Values($"{gemm.Name}.bias") : new float[gemm.Outputs];
                    Keep(gemm.Name, weight.Shape, weight.ToFloats(), bias);
                    layers.Add(new(gemm.Name, null, gemm.Name, gemm.HasBias, gemm.Outputs, weight.Count / gemm.Outputs, FoldedConvolution.Ones(gemm.Outputs)));
                    break;
                default:
                    nodes.Add(moved);
                    break;
            }
            places[i] = nodes.Count - 1;
        }
        return new(new Network(new Graph(nodes, network.Graph.EndsInFeatures), tensors), layers);

        void Add(Convolution folded, Convolution? original, Node? norm)
        {
            nodes.Add(folded);
            var (form, weights, scales, bias, _) =
                original is null ? FoldedConvolution.Of(network, norm!) : FoldedConvolution.Of(network, original, norm);
            var shape = original is null ? [form.Filters, 1, 1, 1] : network.Tensors[$"{form.Name}.weight"].Shape;
            var size = weights.Length / form.Filters;
            for (var value = 0; value < weights.Length; value++)
                weights[value] *= scales[value / size];
            Keep(folded.Name, shape, weights, bias);
            layers.Add(new(folded.Name, norm, original?.Name, original?.HasBias ?? false, form.Filters, size, scales));
        }

        void Keep(string name, IReadOnlyList<int> shape, float[] weights, float[] bias)
        {
            tensors.Add(KeyValuePair.Create($"{name}.weight", Tensor.From(shape, weights)));
            tensors.Add(KeyValuePair.Create($"{name}.bias", Tensor.From([bias.Length], bias)));
        }
    }
}

/// <summary>A convolution or fully connected layer of a folded network, [rows, columns]: a row a filter or output.</summary>
/// <param name="Name">Its name in the folded network.</param>
/// <param name="Norm">The normalisation, or factors, that were folded in; null for none.</param>
/// <param name="Weights">The layer of the network that has the weights; null for a normalisation by itself.</param>
/// <param name="HasBias">Whether that layer has a bias of its own.</param>
/// <param name="Rows">Filters or outputs.</param>
/// <param name="Columns">Weights of one of them.</param>
/// <param name="Scales">What each row of the network's weights was multiplied with.</param>
internal sealed record FoldedLayer(
    string Name, Node? Norm, string? Weights, bool HasBias, int Rows, int Columns, IReadOnlyList<float> Scales);
