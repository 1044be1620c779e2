using Nern.Networks;
using Nern.OnnxModels;

namespace Nern.Onnx.Operators;

/// <summary>Operators that change no element but how the elements are seen.</summary>
internal static class ShapeOperators
{
    internal static OnnxValue Identity(OnnxImport import, OnnxNode node) => import.Alias(node, At(node));

    /// <summary>Outside of training dropout does nothing.</summary>
    internal static OnnxValue Dropout(OnnxImport import, OnnxNode node) => node.OptionalConstant(2) is { Tensor.Data.Span: [not 0, ..] }
        ? throw new UnsupportedNodeException("is in training mode")
        : Identity(import, node);

    /// <summary>All is computed in the precision that the user chooses, whatever float the model names.</summary>
    internal static OnnxValue Cast(OnnxImport import, OnnxNode node) =>
        OnnxTypes.IsFloatingPoint((int)node.Integer("to", 0)) || node.Inputs is [OnnxActivation { IsFinal: true }]
            ? Identity(import, node)
            : throw new UnsupportedNodeException("turns a value into whole numbers");

    /// <summary>At the end it is left out: what stands before it are the logits.</summary>
    internal static OnnxValue Softmax(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        // Up to operator set 12 the axes from the named one on are taken together.
        var isOld = import.OperatorSet < 13;
        var axis = SliceOperators.Axis(node.Integer("axis", isOld ? 1 : -1), input.Rank);
        return Final(import, node, isOld ? input.Axes[axis..] : input.Axes[axis..(axis + 1)]);
    }

    /// <summary>So is the choice of the best class.</summary>
    internal static OnnxValue ArgMax(OnnxImport import, OnnxNode node)
    {
        var axes = node.Activation(0).Axes;
        return node.Integer("select_last_index", 0) == 0
            ? Final(import, node, axes[SliceOperators.Axis(node.Integer("axis", 0), axes.Length)..][..1])
            : throw new UnsupportedNodeException("takes the last of equal scores");
    }

    internal static OnnxValue Flatten(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        return input.IsFinal || SliceOperators.Axis(node.Integer("axis", 1), input.Rank) == 1
            ? ToVector(import, node, input)
            : throw new UnsupportedNodeException($"flattens from the axis {node.Integer("axis", 1)}; expected 1");
    }

    internal static OnnxValue Reshape(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        if (input.IsFinal)
            return import.Alias(node, input);
        var wanted = node.Has(1) ? node.Constant(1).Integers() : node.Integers("shape") ?? [];
        var (shape, present) = (import.ShapeOf(input), import.ExtentsOf(input));
        long[] target = [.. wanted.Select((extent, i) =>
            extent == 0 && i < present.Length && node.Integer("allowzero", 0) == 0 ? present[i] : extent)];
        var open = Array.IndexOf(target, -1);
        var rest = target.Where(extent => extent != -1).Aggregate(1L, (product, extent) => checked(product * extent));
        var total = (long)import.Batch * shape.Count;
        if (open >= 0 && rest > 0 && total % rest == 0)
            target[open] = total / rest;
        if (target.SequenceEqual(present))
            return import.Alias(node, input);
        if (target is not [var batch, ..] || batch != import.Batch
            || target.Aggregate(1L, (product, extent) => checked(product * extent)) != total)
            throw Refused();

        if (target[1..].All(extent => extent == 1 || extent == shape.Count))
            return ToVector(import, node, input, Ones('C'));
        if (OnnxAxes.AreShuffled(input.Axes) && target.SequenceEqual(Extents(OnnxAxes.Images)))
            return new OnnxActivation(
                import.Append(new ChannelShuffle(import.UniqueName(node.Name), [input.Node], input.Groups)), OnnxAxes.Images);
        if (!IsPlain(input.Axes, shape, input.Groups))
            throw Refused();
        var plain = input with { Groups = target is [_, var groups and > 1, _, ..] && shape.Channels % groups == 0 ? (int)groups : 1 };
        foreach (var axes in new[] { OnnxAxes.Images, OnnxAxes.Pixels, OnnxAxes.Grouped, OnnxAxes.GroupedPixels })
            if (target.SequenceEqual((plain with { Axes = axes }).Extents(import.Batch, shape)))
                return import.Alias(node, plain, axes);
        throw Refused();

        long[] Extents(string axes) => (input with { Axes = axes }).Extents(import.Batch, shape);
        string Ones(char first) =>
            string.Concat(target.Select((extent, i) =>
                i == 0 ? 'N' : extent == shape.Count && !target[1..i].Contains(extent) ? first : '1'));
        UnsupportedNodeException Refused() => new(
            $"makes [{string.Join(", ", wanted)}] of {OnnxAxes.Describe(input.Axes)} {shape}; expected a vector for each image, or groups of channels");
    }

    /// <summary>The axes in another order, which is seen by what reads them.</summary>
    internal static OnnxValue Transpose(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        if (input.IsFinal)
            return import.Alias(node, input);
        int[] order = [.. (node.Integers("perm") ?? [.. Enumerable.Range(0, input.Rank).Reverse()])
            .Select(axis => SliceOperators.Axis(axis, input.Rank))];
        return order is [0, ..] && order.Order().SequenceEqual(Enumerable.Range(0, input.Rank))
            ? import.Alias(node, input, string.Concat(order.Select(axis => input.Axes[axis])))
            : throw new UnsupportedNodeException("moves samples, or does not name each axis once");
    }

    /// <summary>Takes axes of one place away.</summary>
    internal static OnnxValue Squeeze(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        if (input.IsFinal)
            return import.Alias(node, input);
        var extents = import.ExtentsOf(input);
        var axes = node.Integers("axes", 1)?.Select(axis => SliceOperators.Axis(axis, input.Rank)).ToHashSet()
            ?? [.. Enumerable.Range(1, input.Rank - 1).Where(axis => extents[axis] == 1)];
        return !axes.Contains(0) && axes.All(axis => extents[axis] == 1)
            ? WithAxes(import, node, input, string.Concat(input.Axes.Where((_, axis) => !axes.Contains(axis))))
            : throw new UnsupportedNodeException("takes axes away other than those of one place");
    }

    /// <summary>Adds axes of one place.</summary>
    internal static OnnxValue Unsqueeze(OnnxImport import, OnnxNode node)
    {
        var input = At(node);
        if (input.IsFinal)
            return import.Alias(node, input);
        var stated = node.Integers("axes", 1) ?? [];
        var rank = input.Rank + stated.Length;
        var added = stated.Select(axis => SliceOperators.Axis(axis, rank)).ToHashSet();
        if (added.Count != stated.Length || added.Contains(0) || rank > OnnxAxes.Grouped.Length)
            throw new UnsupportedNodeException("adds axes other than behind the samples");
        var rest = new Queue<char>(input.Axes);
        return import.Alias(node, input,
            string.Concat(Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? '1' : rest.Dequeue())));
    }

    /// <summary>What repeats a value to the shape of another is left to what combines the two.</summary>
    internal static OnnxValue Expand(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        var (extents, wanted) = (import.ExtentsOf(input), node.Constant(1).Integers());
        if (wanted.Length != input.Rank
            || !extents.Zip(wanted).All(pair => pair.First == 1 || pair.Second == 1 || pair.First == pair.Second))
            throw new UnsupportedNodeException($"makes [{string.Join(", ", wanted)}] of [{string.Join(", ", extents)}]");
        var isLonger = extents.Zip(wanted).Skip(1).Any(pair => pair.Second > pair.First);
        return import.Alias(node, input) with { IsExpanded = isLonger };
    }

    /// <summary>Whether elements follow one another as in [N, C, H, W].</summary>
    private static bool IsPlain(string axes, ImageShape shape, int groups) =>
        new[] { OnnxAxes.Images, OnnxAxes.Pixels, OnnxAxes.Grouped, OnnxAxes.GroupedPixels }
            .Any(plain => OnnxAxes.Long(plain, shape, groups) == OnnxAxes.Long(axes, shape, groups));

    // How what is made of the logits is shaped does not matter.
    private static OnnxActivation At(OnnxNode node) =>
        node.Inputs.FirstOrDefault() is OnnxActivation { IsFinal: true } final ? final : node.Activation(0);

    private static OnnxActivation Final(OnnxImport import, OnnxNode node, string over)
    {
        var input = node.Activation(0);
        var shape = import.ShapeOf(input);
        return over.Contains('C') && shape is { Height: 1, Width: 1 }
            ? import.Alias(node, input) with { IsFinal = true }
            : throw new UnsupportedNodeException($"is over the axes {OnnxAxes.Describe(over)} of {shape}; expected the classes");
    }

    /// <summary>The same value in other axes; a vector where they are those of one.</summary>
    internal static OnnxActivation WithAxes(OnnxImport import, OnnxNode node, OnnxActivation input, string axes) =>
        axes == OnnxAxes.Vector ? ToVector(import, node, input) : import.Alias(node, input, axes);

    private static OnnxActivation ToVector(OnnxImport import, OnnxNode node, OnnxActivation input, string axes = OnnxAxes.Vector)
    {
        if (input.IsFinal || input.Axes == OnnxAxes.Vector)
            return import.Alias(node, input, input.IsFinal ? input.Axes : axes);
        var shape = import.ShapeOf(input);
        var order = OnnxAxes.Long(input.Axes, shape, input.Groups);
        var isLast = order == OnnxAxes.Long(OnnxAxes.ImagesChannelsLast, shape, 1) && order != OnnxAxes.Long(OnnxAxes.Images, shape, 1);
        if (!isLast && !IsPlain(input.Axes, shape, input.Groups))
            throw new UnsupportedNodeException(
                $"flattens the axes {OnnxAxes.Describe(input.Axes)}; expected channels outermost or innermost");
        var value = import.Append(new Flatten(import.UniqueName(node.Name), [input.Node], isLast));
        return new(value, OnnxAxes.Named(axes, import.ShapeOf(input with { Node = value })));
    }
}
