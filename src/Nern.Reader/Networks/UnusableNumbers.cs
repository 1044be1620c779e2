using System.Runtime.InteropServices;
using Nern.Tensors;

namespace Nern.Networks;

/// <summary>Numbers that make all of a network's logits NaN: those that are not finite, and variances below 0.</summary>
internal static class UnusableNumbers
{
    /// <summary>
    /// The first among the tensors of a network, told as the rest of a sentence that begins with the file; null if there is none.
    /// </summary>
    /// <param name="graph">The architecture.</param>
    /// <param name="tensors">Its tensors; those that are null are not looked at.</param>
    internal static string? Find(Graph graph, IEnumerable<KeyValuePair<string, Tensor?>> tensors)
    {
        var given = tensors.Where(tensor => tensor.Value is not null).ToDictionary(tensor => tensor.Key, tensor => tensor.Value!);
        foreach (var (i, node) in graph.Nodes.Index())
            foreach (var (suffix, _) in node.Parameters(graph.InputShapesOf(i)))
            {
                if (!given.TryGetValue($"{node.Name}.{suffix}", out var tensor))
                    continue;
                var values = tensor.Type == ElementType.Float32 ? MemoryMarshal.Cast<byte, float>(tensor.Data.Span) : tensor.ToFloats();
                // What is added to a variance may make up for a little.
                var (least, kind) = node is BatchNorm norm && suffix == "running_var" ? (-norm.Epsilon, "a variance above 0")
                    : (float.NegativeInfinity, "a finite number");
                if (First(values, least) is var place and >= 0)
                    return FormattableString.Invariant(
                        $"has {values[place]} as element {place} of the tensor '{node.Name}.{suffix}' of layer '{node.Name}'; expected {kind}.");
            }
        return null;
    }

    /// <summary>The first that is not finite, or not above what is least; -1 for none.</summary>
    private static int First(ReadOnlySpan<float> values, float least)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]) || values[i] <= least)
                return i;
        return -1;
    }
}
