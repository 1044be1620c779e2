using Nern.Networks;

namespace Nern.Onnx.Operators;

/// <summary>Operators that take parts of values or add zeros around them.</summary>
internal static class SliceOperators
{
    internal static OnnxValue Slice(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        var extents = Whole(import.ShapeOf(input));
        foreach (var (axis, start, end, step) in Parts(node, input.Rank))
            if (axis == 0)
                CheckWholeBatch(start, end, step);
            else if (PlaceOf(input.Axes[axis]) is { } place)
                extents[place] = Part(extents[place].Count, start, end, step);
            else
                throw new UnsupportedNodeException($"takes a part of an axis of {OnnxAxes.Describe(input.Axes)}");

        var (source, name) = (input.Node, "");
        // Slices one after another are one.
        if (import.IsSoleReader(node, 0) && import.NodeOf(input) is Slice before)
        {
            extents = [Within(before.Channels, extents[0]), Within(before.Rows, extents[1]), Within(before.Columns, extents[2])];
            (source, name) = (before.Inputs[0], before.Name);
        }
        var whole = import.ShapeOf(input with { Node = source });
        var slice = Simplest(name.Length > 0 ? name : import.UniqueName(node.Name), source, whole, extents);
        if (source == input.Node)
            return input with { Node = import.Append(slice), IsShared = false };
        import.Replace(input.Node, slice);
        return input;
    }

    /// <summary>One part after another.</summary>
    internal static OnnxValue Split(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        var axis = Axis(node.Integer("axis", 0), input.Rank);
        var place = PlaceOf(input.Axes[axis]) ?? throw new UnsupportedNodeException($"divides an axis of {OnnxAxes.Describe(input.Axes)}");
        var whole = Whole(import.ShapeOf(input));
        var length = whole[place].Count;
        var each = (length + node.AllOutputs - 1) / Math.Max(1, node.AllOutputs);
        var sizes = node.Integers("split", 1)
            ?? [.. Enumerable.Range(0, node.AllOutputs).Select(i => (long)Math.Min(each, length - (i * each)))];
        if (sizes.Any(size => size < 1) || sizes.Sum() != length || sizes.Length != node.AllOutputs)
            throw new UnsupportedNodeException($"divides {length} places into {string.Join(" + ", sizes)}");
        var first = 0;
        return new OnnxResults([.. sizes.Select(size =>
        {
            var extents = whole.ToArray();
            extents[place] = new(first, (int)size);
            first += (int)size;
            return input with
            {
                Node = import.Append(new Slice(import.UniqueName(node.Name), [input.Node], extents[0], extents[1], extents[2])),
                IsShared = false,
            };
        })]);
    }

    /// <summary>One place of an axis, as indexing writes it.</summary>
    internal static OnnxValue Gather(OnnxImport import, OnnxNode node)
    {
        var (input, index) = (node.Activation(0), node.Constant(1));
        var axis = Axis(node.Integer("axis", 0), input.Rank);
        if (index.Tensor.Count != 1 || index.Shape.Count > 1 || PlaceOf(input.Axes[axis]) is not { } place)
            throw new UnsupportedNodeException("picks other than one channel, row or column");
        var extents = Whole(import.ShapeOf(input));
        var at = Axis(index.Integers()[0], extents[place].Count);
        var value = input with { IsShared = true };
        if (extents[place].Count > 1)
        {
            extents[place] = new(at, 1);
            value = input with
            {
                Node = import.Append(new Slice(import.UniqueName(node.Name), [input.Node], extents[0], extents[1], extents[2])),
                IsShared = false,
            };
        }
        return index.Shape.Count == 1 ? value : ShapeOperators.WithAxes(import, node, value, input.Axes.Remove(axis, 1));
    }

    internal static OnnxValue Pad(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        if (node.Text("mode", "constant") is not "constant" and var mode)
            throw new UnsupportedNodeException($"pads by the mode {mode}; expected constant");
        if ((node.OptionalConstant(2)?.Number() ?? node.Number("value", 0)) != 0)
            throw new UnsupportedNodeException("pads with another number than 0");
        var stated = node.Integers("pads", 1) ?? [];
        var axes = node.OptionalConstant(3)?.Integers() ?? [.. Enumerable.Range(0, input.Rank).Select(axis => (long)axis)];
        if (stated.Length != 2 * axes.Length)
            throw new UnsupportedNodeException($"has {stated.Length} pads for {axes.Length} axes");
        if (axes.Select(axis => Axis(axis, input.Rank)).Distinct().Count() != axes.Length)
            throw new UnsupportedNodeException("names an axis twice");
        var pads = new (int Before, int After)[input.Rank];
        foreach (var (i, axis) in axes.Index())
            pads[Axis(axis, input.Rank)] = (OnnxWindow.Whole(stated[i]), OnnxWindow.Whole(stated[i + axes.Length]));
        if (pads.Index().Any(pad => pad.Item != (0, 0) && !"CHW".Contains(input.Axes[pad.Index])))
            throw new UnsupportedNodeException("adds places to other axes than channels, rows and columns");

        var value = input.Node;
        var (channels, rows, columns) = (Of('C'), Of('H'), Of('W'));
        if (channels != (0, 0))
            value = import.Append(new PadChannels(import.UniqueName(node.Name), [value], channels.Before, channels.After));
        if (rows != (0, 0) || columns != (0, 0))
            value = import.Append(new Pad(import.UniqueName(node.Name), [value], rows.Before, columns.Before, rows.After, columns.After));
        return value == input.Node ? import.Alias(node, input) : input with { Node = value, IsShared = false };

        (int Before, int After) Of(char axis) =>
            input.Axes.IndexOf(axis, StringComparison.Ordinal) is >= 0 and var place ? pads[place] : default;
    }

    /// <summary>
    /// The part of <paramref name="length"/> places that ONNX's start, end and step name; both count from the end if negative.
    /// </summary>
    internal static Extent Part(int length, long start, long end, long step)
    {
        if (step < 1)
            throw new UnsupportedNodeException($"takes steps of {step}; expected steps forward");
        var first = Math.Clamp(start < 0 ? start + length : start, 0, length);
        var last = Math.Clamp(end < 0 ? end + length : end, 0, length);
        return last > first
            ? new((int)first, (int)((last - first - 1) / step) + 1, (int)Math.Min(step, int.MaxValue))
            : throw new UnsupportedNodeException($"takes nothing: from {start} to {end} of {length}");
    }

    /// <summary>Axis, start, end and step of each part.</summary>
    internal static IEnumerable<(int Axis, long Start, long End, long Step)> Parts(OnnxNode node, int rank)
    {
        var starts = node.Integers("starts", 1) ?? [];
        var ends = node.Integers("ends", 2) ?? [];
        var axes = node.Integers("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = node.Integers("steps", 4) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new UnsupportedNodeException("has starts, ends, axes and steps of different lengths");
        var places = axes.Select(axis => Axis(axis, rank)).ToArray();
        if (places.Distinct().Count() != places.Length)
            throw new UnsupportedNodeException("names an axis twice");
        return places.Select((place, i) => (place, starts[i], ends[i], steps[i]));
    }

    internal static int Axis(long axis, int rank) => (axis < 0 ? axis + rank : axis) is var place and >= 0 && place < rank
        ? (int)place
        : throw new UnsupportedNodeException($"names the axis {axis} of {rank}");

    private static Extent[] Whole(ImageShape shape) => [new(0, shape.Channels), new(0, shape.Height), new(0, shape.Width)];

    /// <summary>Which of channels, rows and columns an axis is.</summary>
    private static int? PlaceOf(char axis) => "CHW".IndexOf(axis, StringComparison.Ordinal) is >= 0 and var place ? place : null;

    private static void CheckWholeBatch(long start, long end, long step)
    {
        if (start != 0 || end < int.MaxValue || step != 1)
            throw new UnsupportedNodeException("takes a part of the batch");
    }

    private static Extent Within(Extent outer, Extent inner) =>
        new(outer.Start + (inner.Start * outer.Step), inner.Count, checked(outer.Step * inner.Step));

    private static Node Simplest(string name, int source, ImageShape shape, Extent[] extents)
    {
        var (channels, rows, columns) = (extents[0], extents[1], extents[2]);
        var samples = channels == new Extent(0, shape.Channels) && rows is { Start: 0 } && columns is { Start: 0 }
            && rows.Step == columns.Step
            && rows.Count == ((shape.Height - 1) / rows.Step) + 1 && columns.Count == ((shape.Width - 1) / columns.Step) + 1;
        return samples ? new Subsample(name, [source], rows.Step) : new Slice(name, [source], channels, rows, columns);
    }
}
