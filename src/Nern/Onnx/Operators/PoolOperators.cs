using Nern.Networks;

namespace Nern.Onnx.Operators;

/// <summary>Operators that pool.</summary>
internal static class PoolOperators
{
    internal static OnnxValue MaxPool(OnnxImport import, OnnxNode node) => Pool(import, node, PoolingKind.Maximum);

    internal static OnnxValue AveragePool(OnnxImport import, OnnxNode node)
    {
        var (kernelHeight, kernelWidth) = OnnxWindow.Kernel(node);
        var input = node.Images(0);
        var shape = import.ShapeOf(input);
        var window = OnnxWindow.Of(node, shape, kernelHeight, kernelWidth);
        if ((kernelHeight, kernelWidth) == (shape.Height, shape.Width) && window is { Top: 0, Left: 0, Bottom: 0, Right: 0 })
            return GlobalAveragePool(import, node);
        var countsPadding = node.Integer("count_include_pad", 0) != 0;
        if (countsPadding && node.Integer("ceil_mode", 0) != 0)
            throw new UnsupportedNodeException("counts its padding and rounds its size up, which is not supported together");
        return Pool(import, node, countsPadding ? PoolingKind.AverageWithPadding : PoolingKind.AverageWithoutPadding);
    }

    internal static OnnxValue GlobalAveragePool(OnnxImport import, OnnxNode node) =>
        new OnnxActivation(import.Append(new GlobalAveragePool(import.UniqueName(node.Name), [node.Images(0).Node])), OnnxAxes.Images);

    internal static OnnxValue GlobalMaxPool(OnnxImport import, OnnxNode node)
    {
        var input = node.Images(0);
        var shape = import.ShapeOf(input);
        return new OnnxActivation(
            import.Append(new Pool(import.UniqueName(node.Name), [input.Node], PoolingKind.Maximum, shape.Height, shape.Width,
                Window.Square(1, 0))),
            OnnxAxes.Images);
    }

    /// <summary>The mean over rows and columns, both at once or one after the other.</summary>
    internal static OnnxValue ReduceMean(OnnxImport import, OnnxNode node)
    {
        var input = node.Activation(0);
        var axes = (node.Integers("axes", 1) ?? [.. Enumerable.Range(0, input.Rank)]).Select(axis => SliceOperators.Axis(axis, input.Rank))
            .ToHashSet();
        var shape = import.ShapeOf(input);
        var over = OnnxAxes.Long(string.Concat(axes.Order().Select(axis => input.Axes[axis])), shape, input.Groups);
        var value = over switch
        {
            "" when !axes.Contains(0) => input.Node,
            _ when axes.Contains(0) || over.AsSpan().IndexOfAnyExcept("HWP") >= 0 => throw new UnsupportedNodeException(
                $"takes the mean over the axes {OnnxAxes.Describe(string.Concat(axes.Order().Select(axis => input.Axes[axis])))}; expected rows and columns"),
            "H" when shape.Width > 1 => Mean(shape.Height, 1),
            "W" when shape.Height > 1 => Mean(1, shape.Width),
            _ => import.Append(new GlobalAveragePool(import.UniqueName(node.Name), [input.Node])),
        };
        var kept = node.Integer("keepdims", 1) != 0
            ? string.Concat(input.Axes.Select((axis, i) => axes.Contains(i) && axis == 'P' ? '1' : axis))
            : string.Concat(input.Axes.Where((_, i) => !axes.Contains(i)));
        var result = input with
        {
            Node = value,
            IsShared = value == input.Node,
            Axes = OnnxAxes.Named(kept, import.ShapeOf(input with { Node = value })),
        };
        return result.Axes == OnnxAxes.Vector && input.Axes != OnnxAxes.Vector
            ? result with { Node = import.Append(new Flatten(import.UniqueName($"{node.Name}.flatten"), [value])), IsShared = false }
            : result;

        int Mean(int height, int width) => import.Append(new Pool(
            import.UniqueName(node.Name), [input.Node], PoolingKind.AverageWithPadding, height, width, Window.Square(1, 0)));
    }

    private static OnnxActivation Pool(OnnxImport import, OnnxNode node, PoolingKind kind)
    {
        var input = node.Images(0);
        var (kernelHeight, kernelWidth) = OnnxWindow.Kernel(node);
        var window = OnnxWindow.Of(node, import.ShapeOf(input), kernelHeight, kernelWidth);
        return new(
            import.Append(new Pool(import.UniqueName(node.Name), [input.Node], kind, kernelHeight, kernelWidth, window)), OnnxAxes.Images);
    }
}
