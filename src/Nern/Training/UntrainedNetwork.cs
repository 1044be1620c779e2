using Nern.Networks;
using Nern.Tensors;

namespace Nern.Training;

/// <summary>Networks before any training.</summary>
internal static class UntrainedNetwork
{
    /// <summary>
    /// Weights of convolutions and fully connected layers normal with variance 2 / inputs (He et al. 2015); batch normalisation
    /// that changes nothing; no biases.
    /// </summary>
    internal static Network Create(Graph graph, Generator generator) => new(
        graph, [.. graph.Parameters.Select(
            parameter => KeyValuePair.Create(parameter.Name, Draw(parameter.Name, parameter.Shape, generator)))]);

    private static Tensor Draw(string name, int[] shape, Generator generator)
    {
        var values = new float[shape.Aggregate(1, (product, dimension) => product * dimension)];
        if (shape.Length > 1)
        {
            var deviation = Math.Sqrt(2.0 * shape[0] / values.Length);
            foreach (ref var value in values.AsSpan())
                value = (float)(deviation * generator.NextNormal());
        }
        else if (name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal))
            Array.Fill(values, 1f);
        return Tensor.From(shape, values);
    }
}
