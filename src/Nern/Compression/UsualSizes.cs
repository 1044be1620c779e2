using Nern.Networks;

namespace Nern.Compression;

/// <summary>
/// What a network's numbers take by usual means, in bytes. Names, shapes and architecture are left out, which our files have: so the
/// comparison is not in our favour.
/// </summary>
/// <param name="Float32">4 bytes a number.</param>
/// <param name="Float16">2 bytes a number.</param>
/// <param name="Int8">
/// Each weight a byte, with a scale a filter, normalisations folded and biases in float32, all compressed by LZMA, as <c>xz -9</c> does it;
/// null where the numbers are not known.
/// </param>
internal sealed record UsualSizes(long Float32, long Float16, long? Int8)
{
    /// <summary>What rows of tables call <see cref="Int8"/>.</summary>
    internal const string Int8Name = "int8 a weight, LZMA";

    /// <summary>Of a network whose numbers are not known.</summary>
    internal static UsualSizes Of(Graph graph) =>
        Of(graph.Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (product, dimension) => product * dimension)));

    /// <summary>Of a network; its integers are really compressed.</summary>
    internal static UsualSizes Of(Network network) =>
        Of(network.Tensors.Values.Where(FilterIntegers.IsValue).Sum(tensor => (long)tensor.Count)) with
        {
            Int8 = Lzma.Compress(FilterIntegers.ToBytes(FoldedNetwork.Of(network).Network.Tensors.Values, bits: 8)).Length,
        };

    private static UsualSizes Of(long count) => new(4 * count, 2 * count, null);

    /// <summary>Names and bytes, for tables.</summary>
    internal IEnumerable<(string Name, long Bytes)> Rows
    {
        get
        {
            yield return ("float32, numbers alone", Float32);
            yield return ("float16, numbers alone", Float16);
            if (Int8 is { } int8)
                yield return (Int8Name, int8);
        }
    }
}
