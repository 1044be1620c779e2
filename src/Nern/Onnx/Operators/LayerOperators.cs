using Nern.Networks;
using Nern.Tensors;

namespace Nern.Onnx.Operators;

/// <summary>Operators with weights.</summary>
internal static class LayerOperators
{
    internal static OnnxValue Conv(OnnxImport import, OnnxNode node)
    {
        var (input, weight) = (node.Images(0), node.Constant(1));
        if (weight.Shape is not [var filters, var channels, var height, var width])
            throw new UnsupportedNodeException($"has weights {Tensor.Describe(weight.Shape)}; expected four dimensions, a 2-D convolution");
        var shape = import.ShapeOf(input);
        var groups = OnnxWindow.Whole(node.Integer("group", 1));
        if (groups < 1 || (long)channels * groups != shape.Channels)
            throw new UnsupportedNodeException($"has weights for {channels} channels in {groups} groups; its input is {shape}");
        var bias = node.OptionalConstant(2);
        var name = import.NameByWeight(node);
        var window = OnnxWindow.Of(node, shape, height, width);
        var value = import.Append(new Convolution(name, [input.Node], filters, height, width, window, groups, bias is not null));
        import.AddKernels($"{name}.weight", weight, node.InputName(1), [filters, channels, height, width]);
        if (bias is not null)
            import.AddParameter($"{name}.bias", bias, filters);
        return new OnnxActivation(value, OnnxAxes.Images);
    }

    internal static OnnxValue BatchNormalization(OnnxImport import, OnnxNode node)
    {
        // Before operator set 14 it is the further results that say so.
        if (node.Integer("training_mode", 0) != 0 || (import.OperatorSet < 14 && node.Outputs > 1))
            throw new UnsupportedNodeException("is in training mode");
        var input = node.Activation(0);
        if (input.Axes.Length < 2 || input.Axes[1] != 'C')
            throw new UnsupportedNodeException($"takes axes {OnnxAxes.Describe(input.Axes)}; expected the channels second");
        var name = import.NameByWeight(node);
        var value = import.Append(new BatchNorm(name, [input.Node], node.Number("epsilon", 1e-5f)));
        foreach (var (i, suffix) in new[] { "weight", "bias", "running_mean", "running_var" }.Index())
            import.AddParameter($"{name}.{suffix}", node.Constant(i + 1), import.ShapeOf(input).Channels);
        return input with { Node = value, IsShared = false };
    }

    internal static OnnxValue Gemm(OnnxImport import, OnnxNode node)
    {
        if (node.Integer("transA", 0) != 0 || node.Number("alpha", 1) != 1 || (node.Has(2) && node.Number("beta", 1) != 1))
            throw new UnsupportedNodeException("scales or transposes; expected alpha 1, beta 1 and transA 0");
        var weight = node.Constant(1);
        return Connect(import, node, node.Integer("transB", 0) != 0
            ? weight : ConstantOperators.Transposed(weight), node.OptionalConstant(2));
    }

    internal static OnnxValue MatMul(OnnxImport import, OnnxNode node) =>
        Connect(import, node, ConstantOperators.Transposed(node.Constant(1)), null);

    private static OnnxActivation Connect(OnnxImport import, OnnxNode node, OnnxConstant weight, OnnxConstant? bias)
    {
        var input = node.Activation(0);
        if (input.Axes != OnnxAxes.Vector || weight.Shape is not [var outputs, var features] || features != import.ShapeOf(input).Count)
            throw new UnsupportedNodeException(
                $"has weights {Tensor.Describe(weight.Shape)} for an input of {import.ShapeOf(input)}; expected a matrix and a vector");
        var name = import.NameByWeight(node);
        var value = import.Append(new Gemm(name, [input.Node], outputs, bias is not null));
        import.AddParameter($"{name}.weight", weight, outputs, features);
        if (bias is { Tensor.Count: 1 })
            import.AddParameter($"{name}.bias", [.. Enumerable.Repeat((float)bias.Number(), outputs)]);
        else if (bias is not null)
            import.AddParameter($"{name}.bias", bias, outputs);
        return new OnnxActivation(value, OnnxAxes.Vector);
    }
}
