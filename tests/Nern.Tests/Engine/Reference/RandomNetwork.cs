using Nern.Networks;
using Nern.OneDnn.Tests.References;
using Nern.Tensors;

namespace Nern.Tests.Engine.Reference;

/// <summary>Networks with random parameters of the usual magnitudes.</summary>
internal static class RandomNetwork
{
    internal static Network Of(Graph graph, Generator random) => new(
        graph,
        [.. graph.Parameters.Select(parameter =>
            KeyValuePair.Create(parameter.Name, Tensor.From(parameter.Shape, Values(parameter.Name, parameter.Shape, random))))]);

    /// <summary>The same network with other convolution weights.</summary>
    internal static Network WithOtherConvolutions(Network network, Generator random) => network.With(
        network.Graph.Nodes.OfType<Convolution>().Select(node => $"{node.Name}.weight")
            .ToDictionary(name => name, name => Values(name, network.Tensors[name].Shape, random)));

    internal static double[] Uniform(int count, Generator random) =>
        BFloat16.Stored(Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1), OneDnn.DataType.BFloat16);

    private static float[] Values(string name, IReadOnlyList<int> shape, Generator random)
    {
        var count = shape.Aggregate(1, (product, dimension) => product * dimension);
        double Draw() => (random.NextDouble() * 2) - 1;
        Func<double> next = name[(name.LastIndexOf('.') + 1)..] switch
        {
            "running_var" => () => 1 + (0.5 * Draw()),
            // A matrix or kernels keep the variance of what flows through them; a batch normalisation scales by about 1.
            "weight" when shape.Count > 1 => () => random.NextNormal() * Math.Sqrt(2.0 * shape[0] / count),
            "weight" => () => 1 + (0.5 * Draw()),
            _ => () => 0.3 * Draw(),
        };
        return [.. Enumerable.Range(0, count).Select(_ => (float)next())];
    }
}
