using Nern.Networks;

namespace Nern.Onnx.Operators;

/// <summary>Operators that pool.</summary>
internal static class PoolOperators
{
    internal static OnnxValue MaxPool(OnnxImport import, OnnxNode node) => Pool(import, node, PoolingKind.Maximum);

    internal static OnnxValue AveragePool(OnnxImport import, OnnxNode node)
    {
        var (kernelHeight, kernelWidth) = OnnxWindow.Kernel(node);
        var input = node.Activation(0);
        var shape = import.ShapeOf(input);
        var window = OnnxWindow.Of(node, shape, kernelHeight, kernelWidth);
        if ((kernelHeight, kernelWidth) == (shape.Height, shape.Width) && window is { Top: 0, Left: 0, Bottom: 0, Right: 0 })
            return Global(import, node, 4);
        var countsPadding = node.Integer("count_include_pad", 0) != 0;
        if (countsPadding && node.Integer("ceil_mode", 0) != 0)
            throw new UnsupportedNodeException("counts its padding and rounds its size up, which is not supported together");
        return Pool(import, node, countsPadding ? PoolingKind.AverageWithPadding : PoolingKind.AverageWithoutPadding);
    }

    internal static OnnxValue GlobalAveragePool(OnnxImport import, OnnxNode node) => Global(import, node, 4);

    internal static OnnxValue ReduceMean(OnnxImport import, OnnxNode node)
    {
        var axes = node.Integers("axes", 1) ?? [];
        if (node.Activation(0).Rank != 4 || !axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3]))
            throw new UnsupportedNodeException($"takes the mean over the axes {string.Join(", ", axes)}; expected 2 and 3, rows and columns");
        return Global(import, node, node.Integer("keepdims", 1) != 0 ? 4 : 2);
    }

    private static OnnxActivation Pool(OnnxImport import, OnnxNode node, PoolingKind kind)
    {
        var input = node.Activation(0);
        var (kernelHeight, kernelWidth) = OnnxWindow.Kernel(node);
        var window = OnnxWindow.Of(node, import.ShapeOf(input), kernelHeight, kernelWidth);
        return new(import.Append(new Pool(import.UniqueName(node.Name), [input.Node], kind, kernelHeight, kernelWidth, window)), 4);
    }

    private static OnnxActivation Global(OnnxImport import, OnnxNode node, int rank)
    {
        var value = import.Append(new GlobalAveragePool(import.UniqueName(node.Name), [node.Activation(0).Node]));
        return new(rank == 4 ? value : import.Append(new Flatten(import.UniqueName($"{node.Name}.flatten"), [value])), rank);
    }
}
