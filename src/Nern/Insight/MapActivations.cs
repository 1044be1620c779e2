using Nern.Data;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Insight;

/// <summary>
/// How active the maps of a network's filters are: the mean of each over its places and over images (paper, section 5). The map of a
/// filter is
/// what the activation behind its convolution gives, normalised before where a normalisation stands between. Where none follows, as before
/// the addition that ends a block of a ResNet, it is the positive part of the normalised value: as if a ReLU stood there.
/// </summary>
public sealed class MapActivations
{
    private const int Batch = 32;

    private readonly Dictionary<string, double[]> _means;

    private MapActivations(int images, Dictionary<string, double[]> means) => (Images, _means) = (images, means);

    /// <summary>Images that the means are of: those that could be read.</summary>
    public int Images { get; }

    /// <summary>The means of a convolution's maps, a number a filter.</summary>
    /// <param name="layer">The name of one of the layers that were asked for.</param>
    public IReadOnlyList<double> Of(string layer) => _means[layer];

    /// <summary>Runs a network on images.</summary>
    /// <param name="engine">What it runs on.</param>
    /// <param name="network">The network.</param>
    /// <param name="layers">Some of its convolutions, at least one.</param>
    /// <param name="images">The images.</param>
    /// <param name="normalization">How they are normalised.</param>
    /// <exception cref="NernException">The images are not what the network takes, or none can be read.</exception>
    public static MapActivations Measure(
        CpuEngine engine, Network network, IReadOnlyList<LearnableLayer> layers, LabelledImages images, Normalization normalization)
    {
        network.Graph.InputShape.Check(images.Channels, images.Height, images.Width);
        normalization.CheckChannels(images.Channels);
        using var plan = NetworkPlan.Inference(engine, WithMeans(network, layers), Batch, Precision.Float32);
        var batch = new LabelledBatch(images, normalization, plan);
        var sums = new double[layers.Sum(layer => layer.Filters)];
        var labels = new int[plan.Batch];
        var read = 0;
        for (var first = 0; first < images.Count; first += plan.Batch)
        {
            var count = batch.Load(first, images.Count, labels);
            plan.Forward();
            for (var i = 0; i < count * sums.Length; i++)
                sums[i % sums.Length] += plan.Logits[i];
            read += count;
        }
        if (read == 0)
            throw images.NoneReadable();
        var means = new Dictionary<string, double[]>();
        var next = 0;
        foreach (var layer in layers)
            means.Add(layer.Name, [.. Enumerable.Range(0, layer.Filters).Select(_ => sums[next++] / read)]);
        return new(read, means);
    }

    /// <summary>The network with the means of maps in place of its logits: layers in their order, then filters.</summary>
    private static Network WithMeans(Network network, IReadOnlyList<LearnableLayer> layers)
    {
        List<Node> nodes = [.. network.Graph.Nodes];
        var means = layers.Select(layer =>
        {
            var map = MapOf(network.Graph, nodes.FindIndex(node => node is Convolution && node.Name == layer.Name));
            if (!IsActivation(nodes[map]))
                map = Add(new Relu(Name(), [map]));
            return Add(new GlobalAveragePool(Name(), [map]));
        }).ToArray();
        if (means.Length > 1)
            Add(new Concat(Name(), means));
        return new(new Graph(nodes), [.. network.Tensors]);

        // No file has such names.
        string Name() => $"\0{nodes.Count}";

        int Add(Node node)
        {
            nodes.Add(node);
            return nodes.Count - 1;
        }
    }

    /// <summary>The activation that belongs to a convolution, or the last value that is the convolution's alone.</summary>
    private static int MapOf(Graph graph, int node)
    {
        for (; ; )
        {
            int[] readers = [.. Enumerable.Range(node + 1, graph.Nodes.Count - node - 1).Where(i => graph.Nodes[i].Inputs.Contains(node))];
            if (readers.FirstOrDefault(reader => IsActivation(graph.Nodes[reader])) is > 0 and var activation)
                return activation;
            if (readers is not [var only] || graph.Nodes[only] is not (BatchNorm or ChannelAffine))
                return node;
            node = only;
        }
    }

    private static bool IsActivation(Node node) => node is Relu or LeakyRelu or Clip or Sigmoid or HardSwish or Silu;
}
