using Nern.Coding;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Representation;

/// <summary>Small representations with random integers.</summary>
internal static class SmallExample
{
    /// <summary>Without a predictor: every weight is made of integers, the rest is as it was.</summary>
    internal static NeuralRepresentation Rounded(Graph graph, ulong seed = 1) => Rounded(RandomNetwork.Of(graph, new Generator(seed)).Tensors, graph, seed);

    /// <summary>With a predictor, whose parameters are made of integers.</summary>
    internal static NeuralRepresentation Predicted(NeuralRepresentation plain, ulong seed = 1)
    {
        var (random, coded, design) = (new Generator(seed), new Dictionary<string, CodedMatrix>(), plain.Design!);
        var parameters = plain.Parameters.ToArray();
        for (var layer = 0; layer < design.Shape.Depth; layer++)
        {
            Add($"predictor.{layer}.weight", [design.Shape.RowsOf(layer), design.Shape.ColumnsOf(layer)], design.Shape.WeightOffset(layer));
            Add($"predictor.{layer}.bias", [design.Shape.RowsOf(layer)], design.Shape.BiasOffset(layer));
        }
        return new(plain.Graph, design, parameters, plain.Tensors, plain.Provenance)
        {
            Coded = coded,
            OnnxSkeleton = plain.OnnxSkeleton,
        };

        void Add(string name, int[] shape, int offset)
        {
            coded.Add(name, Matrix(shape, random));
            coded[name].ToFloats().CopyTo(parameters, offset);
        }
    }

    /// <summary>A tiny ResNet for CIFAR, known by name.</summary>
    internal static NeuralRepresentation Named() => Rounded(new ArchitectureName("resnet8", 10, Shortcut.A).Build());

    internal static NeuralRepresentation Rounded(IEnumerable<KeyValuePair<string, Tensor>> tensors, Graph graph, ulong seed)
    {
        var (random, coded) = (new Generator(seed), new Dictionary<string, CodedMatrix>());
        KeyValuePair<string, Tensor?>[] stored =
        [
            .. tensors.Select(pair =>
            {
                var tensor = pair.Value;
                if (UsualTensor.Of(pair.Key, tensor.Shape) is { } usual && random.NextInt32(4) > 0)
                    tensor = usual;
                else if (pair.Key.EndsWith(".weight", StringComparison.Ordinal) || pair.Key.EndsWith(".bias", StringComparison.Ordinal))
                {
                    var matrix = Matrix(tensor.Shape, random);
                    coded.Add($"network.{pair.Key}", matrix);
                    tensor = Tensor.From(tensor.Shape, matrix.ToFloats());
                }
                return KeyValuePair.Create(pair.Key, (Tensor?)tensor);
            }),
        ];
        return new(graph, null, default, stored, new Provenance(new NetworkSource("original.th", 1234, new string('a', 64), "module.")))
        {
            Coded = coded,
        };
    }

    // Steps on the grid and beside it, with exponents and without.
    private static CodedMatrix Matrix(IReadOnlyList<int> shape, Generator random)
    {
        var integers = new int[shape.Aggregate(1, (product, dimension) => product * dimension)];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = (int)(2 * random.NextNormal());
        return new(
            integers, random.NextInt32(2) == 0 ? CodedMatrix.Factor(random.NextInt32(64) - 128) : random.NextSingle() / 8,
            random.NextInt32(2) == 0 ? [] : [.. Enumerable.Range(0, shape[0]).Select(_ => random.NextInt32(64) - 32)]);
    }
}
