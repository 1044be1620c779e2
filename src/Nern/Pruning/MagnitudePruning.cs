using Nern.Kernels;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Pruning;

/// <summary>
/// The smallest weights become 0 (paper, section 5, "meta-compression"; figure 5, left), without looking at anything but their magnitudes.
/// Biases stay. As many are pruned as asked for, to the nearest whole number; of equal ones those that come first.
/// </summary>
public static class MagnitudePruning
{
    /// <summary>A representation with the smallest weights of its predictor at 0, which its file then leaves out.</summary>
    /// <param name="representation">The representation.</param>
    /// <param name="sparsity">The share of weights that are 0, from 0 to 1.</param>
    /// <param name="scope">Among which weights the smallest are looked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    /// <exception cref="NernException">It has no predictor, or one of integers.</exception>
    public static NeuralRepresentation Prune(
        this NeuralRepresentation representation, double sparsity, PruningScope scope = PruningScope.Layer)
    {
        Check(sparsity);
        if (representation.IsSmall)
            throw new NernException("The numbers of a small representation are integers already: prune the one that it was made from.");
        var design = representation.Design ?? throw new NernException("A representation that predicts nothing has no predictor to prune.");
        var parameters = representation.Parameters.ToArray();
        Prune(design.Shape.Weights.Select(weight => parameters.AsMemory(weight.Offset, weight.Count)), sparsity, scope);
        var options = representation.Provenance.Options?.DeepClone().AsObject() ?? [];
        options["sparsity"] = sparsity;
        options["pruning"] = scope.ToString().ToLowerInvariant();
        return new(
            representation.Graph, design, parameters, representation.Tensors, representation.Provenance with { Options = options })
        {
            OnnxSkeleton = representation.OnnxSkeleton,
        };
    }

    /// <summary>A network with the smallest weights of its convolutions at 0.</summary>
    /// <param name="network">The network.</param>
    /// <param name="sparsity">The share of weights that are 0, from 0 to 1.</param>
    /// <param name="scope">Among which weights the smallest are looked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public static Network Prune(this Network network, double sparsity, PruningScope scope = PruningScope.Layer)
    {
        Check(sparsity);
        var weights = LearnableLayer.AllOf(network.Graph).ToDictionary(layer => layer.Weight, layer => network.Values(layer.Weight));
        Prune(weights.Values.Select(values => values.AsMemory()), sparsity, scope);
        return network.With(weights);
    }

    private static void Prune(IEnumerable<Memory<float>> matrices, double sparsity, PruningScope scope)
    {
        Memory<float>[] all = [.. matrices];
        foreach (var part in scope == PruningScope.Global ? [all] : all.Select(matrix => new[] { matrix }))
            Prune(part, sparsity);
    }

    private static void Prune(Memory<float>[] matrices, double sparsity)
    {
        // Magnitudes order as their bits do; the place behind them tells equal ones apart.
        ulong[] order =
        [
            .. matrices.SelectMany(matrix => matrix.ToArray())
                .Select((value, place) => ((ulong)BitConverter.SingleToUInt32Bits(Math.Abs(value)) << 32) | (uint)place),
        ];
        Array.Sort(order);
        var pruned = new bool[order.Length];
        foreach (var entry in order.AsSpan(0, (int)Math.Round(sparsity * order.Length)))
            pruned[(uint)entry] = true;
        var next = 0;
        foreach (var matrix in matrices)
            foreach (ref var value in matrix.Span)
                if (pruned[next++])
                    value = 0;
    }

    private static void Check(double sparsity)
    {
        if (!(sparsity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "The share of weights to prune is from 0 to 1.");
    }
}

/// <summary>Among which weights the smallest are looked for.</summary>
public enum PruningScope
{
    /// <summary>Those of each layer: all layers lose the same share.</summary>
    Layer,
    /// <summary>All of them, as in the paper: layers of small weights lose more, the last of a predictor nearly all.</summary>
    Global,
}
