using Nern.Files;
using Nern.OnnxModels;
using Nern.Tensors;

namespace Nern.Onnx.Operators;

/// <summary>Operators on constants, such as the arithmetic of shapes: computed while the model is read.</summary>
internal static class ConstantOperators
{
    // Shapes and the like are short; what is made of constants may be kernels.
    private const long Most = 1 << 20, MostOfKernels = 1 << 24;

    private static readonly Dictionary<string, Func<OnnxImport, OnnxNode, OnnxValue>> All = new()
    {
        ["Constant"] = Constant,
        ["ConstantOfShape"] = ConstantOfShape,
        ["Shape"] = Shape,
        ["Identity"] = (_, node) => node.Constant(0) with { Name = node.Output },
        ["Cast"] = Cast,
        ["Gather"] = Gather,
        ["Unsqueeze"] = Unsqueeze,
        ["Squeeze"] = Squeeze,
        ["Reshape"] = Reshape,
        ["Transpose"] = Transpose,
        ["Slice"] = Slice,
        ["Concat"] = Concat,
        ["Add"] = (_, node) => Combine(node, (a, b) => a + b, (a, b) => a + b),
        ["Sub"] = (_, node) => Combine(node, (a, b) => a - b, (a, b) => a - b),
        ["Mul"] = (_, node) => Combine(node, (a, b) => a * b, (a, b) => a * b),
        ["Div"] = (_, node) => Combine(
            node, (a, b) => b == 0 ? throw new UnsupportedNodeException("divides by 0") : a / b, (a, b) => a / b),
        ["Floor"] = (_, node) => OnnxConstant.Of(node.Constant(0).Shape, [.. node.Constant(0).Numbers().Select(Math.Floor)]),
        ["Ceil"] = (_, node) => OnnxConstant.Of(node.Constant(0).Shape, [.. node.Constant(0).Numbers().Select(Math.Ceiling)]),
        ["Sqrt"] = (_, node) => OnnxConstant.Of(node.Constant(0).Shape, [.. node.Constant(0).Numbers().Select(Math.Sqrt)]),
    };

    internal static Func<OnnxImport, OnnxNode, OnnxValue>? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>The shape of a value, images of the batch included.</summary>
    internal static OnnxValue Shape(OnnxImport import, OnnxNode node)
    {
        if (node.Has(0) && node.Inputs[0] is OnnxConstant constant)
            return OnnxConstant.Of([constant.Shape.Count], [.. constant.Shape.Select(extent => (long)extent)]);
        var extents = import.ExtentsOf(node.Activation(0));
        var start = (int)Math.Clamp(node.Integer("start", 0), -extents.Length, extents.Length);
        var end = (int)Math.Clamp(node.Integer("end", extents.Length), -extents.Length, extents.Length);
        long[] part = [.. extents.Take((start < 0 ? start + extents.Length : start)..(end < 0 ? end + extents.Length : end))];
        return OnnxConstant.Of([part.Length], part);
    }

    /// <summary>A matrix the other way round.</summary>
    internal static OnnxConstant Transposed(OnnxConstant matrix)
    {
        if (matrix.Shape.Count != 2)
            throw new UnsupportedNodeException($"has weights {Tensor.Describe(matrix.Shape)}; expected a matrix");
        // What is stored in another shape is no matrix that could be written back.
        var isStored = matrix.IsTransposed || matrix.Stored?.Dims.SequenceEqual(matrix.Shape.Select(extent => (long)extent)) == true;
        return matrix with
        {
            Tensor = matrix.Tensor.Transposed(),
            Stored = isStored ? matrix.Stored : null,
            IsTransposed = isStored && !matrix.IsTransposed,
        };
    }

    private static OnnxValue Constant(OnnxImport import, OnnxNode node) => node switch
    {
        _ when node.Tensor("value") is { } tensor => new OnnxConstant(import.ReadTensor(tensor), node.Output, tensor),
        _ when node.HasAttribute("value_int") => OnnxConstant.Of([], [node.Integer("value_int", 0)]),
        _ when node.HasAttribute("value_float") => OnnxConstant.Of([], [(double)node.Number("value_float", 0)]),
        _ when node.Integers("value_ints") is { } values => OnnxConstant.Of([values.Length], values),
        _ when node.HasAttribute("value_floats") && node.Numbers("value_floats") is var values =>
            OnnxConstant.Of([values.Length], [.. values.Select(value => (double)value)]),
        _ => throw new UnsupportedNodeException("has no value of a kind that is supported"),
    };

    private static OnnxValue ConstantOfShape(OnnxImport import, OnnxNode node)
    {
        int[] shape = [.. node.Constant(0).Integers().Select(OnnxWindow.Whole)];
        var count = Bounded(shape);
        return node.Tensor("value") is not { } tensor
            ? OnnxConstant.Of(shape, new double[count])
            : new OnnxConstant(import.ReadTensor(tensor)) is { IsInteger: true } whole
                ? OnnxConstant.Of(shape, [.. Enumerable.Repeat((long)whole.Number(), count)])
                : OnnxConstant.Of(shape, [.. Enumerable.Repeat(new OnnxConstant(import.ReadTensor(tensor)).Number(), count)]);
    }

    private static OnnxValue Cast(OnnxImport import, OnnxNode node)
    {
        var (value, type) = (node.Constant(0), (int)node.Integer("to", 0));
        if (OnnxTypes.IsFloatingPoint(type))
            return value.IsInteger ? OnnxConstant.Of(value.Shape, value.Numbers()) : value;
        return OnnxTypes.Of(type) is ElementType.Int64 or ElementType.Int32
            ? OnnxConstant.Of(value.Shape, [.. value.Numbers().Select(number => (long)number)])
            : throw new UnsupportedNodeException($"turns a constant into the element type {type}");
    }

    private static OnnxValue Gather(OnnxImport import, OnnxNode node)
    {
        var (data, indices) = (node.Constant(0), node.Constant(1));
        if (data.Shape is not [var length] || SliceOperators.Axis(node.Integer("axis", 0), 1) != 0)
            throw new UnsupportedNodeException("picks of constants that are no list");
        Bounded(indices.Shape);
        int[] places = [.. indices.Integers().Select(index => (index < 0 ? index + length : index) is var place and >= 0 && place < length
            ? (int)place
            : throw new UnsupportedNodeException($"picks the element {index} of {length}"))];
        return Pick(data, indices.Shape, places);
    }

    private static OnnxValue Unsqueeze(OnnxImport import, OnnxNode node)
    {
        var value = node.Constant(0);
        var axes = node.Integers("axes", 1) ?? throw new UnsupportedNodeException("names no axes");
        var rank = value.Shape.Count + axes.Length;
        var added = axes.Select(axis => SliceOperators.Axis(axis, rank)).ToHashSet();
        var rest = new Queue<int>(value.Shape);
        return added.Count == axes.Length
            ? Reshaped(value, [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())])
            : throw new UnsupportedNodeException("names an axis twice");
    }

    private static OnnxValue Squeeze(OnnxImport import, OnnxNode node)
    {
        var value = node.Constant(0);
        var axes = node.Integers("axes", 1)?.Select(axis => SliceOperators.Axis(axis, value.Shape.Count)).ToHashSet();
        return Reshaped(value, [.. value.Shape.Where((extent, axis) => axes is null ? extent != 1 : !axes.Contains(axis))]);
    }

    private static OnnxValue Reshape(OnnxImport import, OnnxNode node)
    {
        var value = node.Constant(0);
        var wanted = node.Has(1) ? node.Constant(1).Integers() : node.Integers("shape") ?? [];
        int[] shape = [.. wanted.Select((extent, i) =>
            extent == 0 && i < value.Shape.Count ? value.Shape[i] : extent == -1 ? -1 : OnnxWindow.Whole(extent))];
        var open = Array.IndexOf(shape, -1);
        var rest = shape.Where(extent => extent != -1).Aggregate(1L, (product, extent) => checked(product * extent));
        if (open >= 0 && rest > 0)
            shape[open] = (int)(value.Tensor.Count / rest);
        return Reshaped(value, shape);
    }

    private static OnnxValue Transpose(OnnxImport import, OnnxNode node)
    {
        var value = node.Constant(0);
        var rank = value.Shape.Count;
        int[] order = [.. (node.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)])
            .Select(axis => SliceOperators.Axis(axis, rank))];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
            throw new UnsupportedNodeException("does not name each axis once");
        if (rank == 2 && order is [1, 0])
            return Transposed(value);
        int[] shape = [.. order.Select(axis => value.Shape[axis])];
        return Pick(value, shape, place =>
        {
            var source = new int[rank];
            for (var axis = 0; axis < rank; axis++)
                source[order[axis]] = place[axis];
            return source;
        });
    }

    private static OnnxValue Slice(OnnxImport import, OnnxNode node)
    {
        var value = node.Constant(0);
        int[] shape = [.. value.Shape];
        var (starts, steps) = (new long[shape.Length], Enumerable.Repeat(1L, shape.Length).ToArray());
        foreach (var (axis, start, end, step) in SliceOperators.Parts(node, shape.Length))
        {
            var length = shape[axis];
            if (step == 0)
                throw new UnsupportedNodeException("takes steps of 0");
            var (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1);
            var first = Math.Clamp(start < 0 ? start + length : start, step > 0 ? 0 : lowest, highest);
            var last = Math.Clamp(end < 0 ? end + length : end, lowest, highest);
            (starts[axis], steps[axis]) = (first, step);
            var room = step > 0 ? last - first : first - last;
            shape[axis] = room <= 0 ? 0 : (int)((Int128)(room - 1) / Int128.Abs(step)) + 1;
        }
        return Pick(value, shape, place => [.. place.Select((index, axis) => (int)(starts[axis] + (index * steps[axis])))]);
    }

    private static OnnxValue Concat(OnnxImport import, OnnxNode node)
    {
        OnnxConstant[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Constant)];
        if (parts.Any(part => part.Shape.Count != 1))
            throw new UnsupportedNodeException("joins constants that are no lists");
        Bounded([parts.Sum(part => part.Tensor.Count)]);
        return parts.All(part => part.IsInteger)
            ? OnnxConstant.Of([parts.Sum(part => part.Tensor.Count)], [.. parts.SelectMany(part => part.Integers())])
            : OnnxConstant.Of([parts.Sum(part => part.Tensor.Count)], [.. parts.SelectMany(part => part.Numbers())]);
    }

    private static OnnxConstant Combine(OnnxNode node, Func<long, long, long> whole, Func<double, double, double> real)
    {
        var (a, b) = (node.Constant(0), node.Constant(1));
        var rank = Math.Max(a.Shape.Count, b.Shape.Count);
        var (first, second) = (Padded(a.Shape, rank), Padded(b.Shape, rank));
        if (first.Zip(second).Any(pair => pair.First != pair.Second && pair.First != 1 && pair.Second != 1))
            throw new UnsupportedNodeException($"combines constants {Tensor.Describe(a.Shape)} and {Tensor.Describe(b.Shape)}");
        int[] shape = [.. first.Zip(second, (x, y) => x == 1 ? y : x)];
        Bounded(shape, MostOfKernels);
        return a.IsInteger && b.IsInteger
            ? OnnxConstant.Of(shape, Pairs(a.Integers(), first, b.Integers(), second, shape, whole))
            : OnnxConstant.Of(shape, Pairs(a.Numbers(), first, b.Numbers(), second, shape, real));
    }

    private static int[] Padded(IReadOnlyList<int> shape, int rank) => [.. Enumerable.Repeat(1, rank - shape.Count), .. shape];

    private static T[] Pairs<T>(T[] a, int[] first, T[] b, int[] second, int[] shape, Func<T, T, T> combine)
    {
        var result = new T[shape.Aggregate(1, (product, extent) => product * extent)];
        Fill(0, 0, 0, 0);
        return result;

        // Along an axis that one of the two has but one place on, that place counts for all.
        void Fill(int axis, int at, int inA, int inB)
        {
            if (axis == shape.Length)
            {
                result[at] = combine(a[inA], b[inB]);
                return;
            }
            for (var i = 0; i < shape[axis]; i++)
                Fill(
                    axis + 1, (at * shape[axis]) + i, (inA * first[axis]) + (first[axis] == 1 ? 0 : i),
                    (inB * second[axis]) + (second[axis] == 1 ? 0 : i));
        }
    }

    private static OnnxConstant Reshaped(OnnxConstant value, int[] shape) =>
        shape.Length <= StoredSize.MaximumRank && shape.Aggregate(1L, (product, extent) => checked(product * extent)) == value.Tensor.Count
            ? value with
            {
                Tensor = new(value.Tensor.Type, shape, value.Tensor.Data),
                Stored = value.IsTransposed ? null : value.Stored,
                IsTransposed = false,
            }
            : throw new UnsupportedNodeException($"makes {Tensor.Describe(shape)} of {Tensor.Describe(value.Shape)}");

    private static OnnxConstant Pick(OnnxConstant value, int[] shape, Func<int[], int[]> sourceOf)
    {
        var places = new int[Bounded(shape, MostOfKernels)];
        var place = new int[shape.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = sourceOf(place).Zip(value.Shape).Aggregate(0, (flat, axis) => (flat * axis.Second) + axis.First);
            for (var axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis]; axis--)
                place[axis] = 0;
        }
        return Pick(value, shape, places);
    }

    private static OnnxConstant Pick(OnnxConstant value, IReadOnlyList<int> shape, int[] places)
    {
        var size = Tensor.SizeOf(value.Tensor.Type);
        var data = new byte[places.Length * size];
        for (var i = 0; i < places.Length; i++)
            value.Tensor.Data.Span.Slice(places[i] * size, size).CopyTo(data.AsSpan(i * size));
        return new(new Tensor(value.Tensor.Type, shape, data));
    }

    private static int Bounded(IReadOnlyList<int> shape, long most = Most) =>
        shape.Count <= StoredSize.MaximumRank && StoredSize.Of(ElementType.UInt8, shape) is var count && count <= most
            ? (int)count
            : throw new UnsupportedNodeException($"makes constants {Tensor.Describe(shape)}, more than can be computed beforehand");
}
