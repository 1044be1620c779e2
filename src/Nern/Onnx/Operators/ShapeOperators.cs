using Nern.Networks;

namespace Nern.Onnx.Operators;

/// <summary>Operators that change no element but how the elements are seen.</summary>
internal static class ShapeOperators
{
    internal static OnnxValue Identity(OnnxImport import, OnnxNode node) => import.Alias(node, node.Activation(0));

    /// <summary>Outside of training dropout does nothing.</summary>
    internal static OnnxValue Dropout(OnnxImport import, OnnxNode node) => node.OptionalConstant(2) is { Tensor.Data.Span: [not 0, ..] }
        ? throw new UnsupportedNodeException("is in training mode")
        : Identity(import, node);

    /// <summary>All is computed in the precision that the user chooses, whatever float the model names.</summary>
    internal static OnnxValue Cast(OnnxImport import, OnnxNode node) => OnnxTypes.IsFloatingPoint((int)node.Integer("to", 0))
        ? Identity(import, node)
        : throw new UnsupportedNodeException("turns a value into whole numbers");

    /// <summary>At the end it is left out: what stands before it are the logits.</summary>
    internal static OnnxValue Softmax(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        // Up to operator set 12 the axes from the named one on are taken together.
        var axis = node.Integer("axis", import.OperatorSet < 13 ? 1 : -1);
        if ((axis < 0 ? axis + input.Rank : axis) != 1 || import.ShapeOf(input) is not { Height: 1, Width: 1 })
            throw new UnsupportedNodeException($"is over the axis {axis} of {import.ShapeOf(input)}; expected 1, the classes");
        return import.Alias(node, input) with { IsFinal = true };
    }

    internal static OnnxValue Flatten(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        var axis = node.Integer("axis", 1);
        return (axis < 0 ? axis + input.Rank : axis) == 1
            ? ToVector(import, node, input)
            : throw new UnsupportedNodeException($"flattens from the axis {axis}; expected 1");
    }

    internal static OnnxValue Reshape(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        var (shape, wanted) = (import.ShapeOf(input), node.Has(1) ? node.Constant(1).Integers() : node.Integers("shape") ?? []);
        long[] present = input.Rank == 4 ? [import.Batch, shape.Channels, shape.Height, shape.Width] : [import.Batch, shape.Count];
        long[] target = [.. wanted.Select((extent, i) => extent == 0 && i < present.Length && node.Integer("allowzero", 0) == 0 ? present[i] : extent)];
        var open = Array.IndexOf(target, -1);
        var rest = target.Where(extent => extent != -1).Aggregate(1L, (product, extent) => checked(product * extent));
        var total = (long)import.Batch * shape.Count;
        if (open >= 0 && rest > 0 && total % rest == 0)
            target[open] = total / rest;
        if (target.SequenceEqual(present))
            return import.Alias(node, input);
        return target switch
        {
            [var batch, var features] when batch == import.Batch && features == shape.Count => ToVector(import, node, input),
            [var batch, var features, 1, 1] when batch == import.Batch && features == shape.Count =>
                ToVector(import, node, input) with { Rank = 4 },
            _ => throw new UnsupportedNodeException($"makes [{string.Join(", ", wanted)}] of {shape}; expected a vector for each image"),
        };
    }

    /// <summary>Takes axes of one row or column away.</summary>
    internal static OnnxValue Squeeze(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        var axes = node.Integers("axes", 1);
        return input.Rank == 4 && import.ShapeOf(input) is { Height: 1, Width: 1 }
            && (axes is null || axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3]))
            ? ToVector(import, node, input)
            : throw new UnsupportedNodeException("takes axes away other than those of one row and one column");
    }

    /// <summary>Adds axes of one row and one column.</summary>
    internal static OnnxValue Unsqueeze(OnnxImport import, OnnxNode node) =>
        At(node) is { Rank: 2 } input && (node.Integers("axes", 1) ?? []).Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3])
            ? import.Alias(node, input) with { Rank = 4 }
            : throw new UnsupportedNodeException("adds axes other than one row and one column");

    // What the probabilities are shaped to does not matter.
    private static OnnxActivation At(OnnxNode node) => node.Inputs.FirstOrDefault() is OnnxActivation { IsFinal: true } final ? final : node.Activation(0);

    private static OnnxActivation ToVector(OnnxImport import, OnnxNode node, OnnxActivation input) => input.Rank == 2 || input.IsFinal
        ? import.Alias(node, input) with { Rank = 2 }
        : new(import.Append(new Flatten(import.UniqueName(node.Name), [input.Node])), 2);
}
