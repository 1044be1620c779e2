using Nern.Networks;
using Nern.Tensors;

namespace Nern.Onnx.Operators;

/// <summary>Operators that work element by element, and Concat.</summary>
internal static class ElementwiseOperators
{
    internal static OnnxValue Relu(OnnxImport import, OnnxNode node) => Append(import, node, (name, inputs) => new Relu(name, inputs));

    internal static OnnxValue LeakyRelu(OnnxImport import, OnnxNode node) =>
        Append(import, node, (name, inputs) => new LeakyRelu(name, inputs, node.Number("alpha", 0.01f)));

    internal static OnnxValue Sigmoid(OnnxImport import, OnnxNode node) => Append(import, node, (name, inputs) => new Sigmoid(name, inputs));

    internal static OnnxValue HardSwish(OnnxImport import, OnnxNode node) => Append(import, node, (name, inputs) => new HardSwish(name, inputs));

    internal static OnnxValue Clip(OnnxImport import, OnnxNode node)
    {
        // Bounds were attributes up to operator set 10.
        var minimum = (float?)node.OptionalConstant(1)?.Number() ?? node.Number("min", float.MinValue);
        var maximum = (float?)node.OptionalConstant(2)?.Number() ?? node.Number("max", float.MaxValue);
        return Append(import, node, (name, inputs) => minimum == 0 && maximum > 0
            ? new Relu(name, inputs, maximum == float.MaxValue || float.IsPositiveInfinity(maximum) ? null : maximum)
            : new Clip(name, inputs, Math.Max(minimum, float.MinValue), Math.Min(maximum, float.MaxValue)));
    }

    internal static OnnxValue Add(OnnxImport import, OnnxNode node)
    {
        if (node.Inputs is [OnnxActivation, OnnxActivation])
        {
            var (first, second) = (node.Activation(0), node.Activation(1));
            CheckRanks(first, second);
            return new OnnxActivation(import.Append(new Add(import.UniqueName(node.Name), [first.Node, second.Node])), first.Rank);
        }
        var (constant, input) = Sides(node);
        return AddBias(import, node, node.Activation(input), node.Constant(constant), input) ?? Scale(import, node, _ => 1, value => value);
    }

    internal static OnnxValue Sub(OnnxImport import, OnnxNode node) =>
        Sides(node).Constant == 1 ? Scale(import, node, _ => 1, value => -value) : Scale(import, node, _ => -1, value => value);

    internal static OnnxValue Mul(OnnxImport import, OnnxNode node) => Scale(import, node, value => value, _ => 0);

    internal static OnnxValue Div(OnnxImport import, OnnxNode node) => Sides(node).Constant == 1
        ? Scale(import, node, value => 1 / value, _ => 0)
        : throw new UnsupportedNodeException("divides a constant by a value");

    internal static OnnxValue Concat(OnnxImport import, OnnxNode node)
    {
        OnnxActivation[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Activation)];
        var axis = node.Integer("axis", 1);
        if ((axis < 0 ? axis + parts[0].Rank : axis) != 1)
            throw new UnsupportedNodeException($"joins along the axis {axis}; expected 1, the channels");
        CheckRanks(parts);
        return parts is [var only]
            ? import.Alias(node, only)
            : new OnnxActivation(import.Append(new Concat(import.UniqueName(node.Name), [.. parts.Select(part => part.Node)])), parts[0].Rank);
    }

    private static OnnxActivation Append(OnnxImport import, OnnxNode node, Func<string, int[], Node> make)
    {
        var input = node.Activation(0);
        return new(import.Append(make(import.UniqueName(node.Name), [input.Node])), input.Rank);
    }

    private static void CheckRanks(params OnnxActivation[] values)
    {
        if (values.Any(value => value.Rank != values[0].Rank))
            throw new UnsupportedNodeException("combines images and vectors");
    }

    private static (int Constant, int Activation) Sides(OnnxNode node) => node.Inputs is [OnnxConstant, _] ? (0, 1) : (1, 0);

    // What MatMul leaves to be added is the bias of the fully connected layer.
    private static OnnxValue? AddBias(OnnxImport import, OnnxNode node, OnnxActivation value, OnnxConstant bias, int input)
    {
        if (!import.IsSoleReader(node, input) || import.NodeOf(value) is not Gemm { HasBias: false } gemm || bias.Tensor.Count != gemm.Outputs)
            return null;
        import.AddParameter($"{gemm.Name}.bias", bias, gemm.Outputs);
        import.Replace(value.Node, gemm with { HasBias = true });
        return value;
    }

    /// <summary>A factor and a summand for each channel, made of the constant's value.</summary>
    private static OnnxActivation Scale(OnnxImport import, OnnxNode node, Func<double, double> factor, Func<double, double> summand)
    {
        var (constant, input) = Sides(node);
        var value = node.Activation(input);
        import.Spend(32L * import.ShapeOf(value).Channels);
        var numbers = ByChannel(node.Constant(constant), value.Rank, import.ShapeOf(value));
        var name = import.UniqueName(node.Name);
        var result = import.Append(new ChannelAffine(name, [value.Node]));
        import.AddParameter($"{name}.weight", [.. numbers.Select(number => (float)factor(number))]);
        import.AddParameter($"{name}.bias", [.. numbers.Select(number => (float)summand(number))]);
        return new(result, value.Rank);
    }

    private static double[] ByChannel(OnnxConstant constant, int rank, ImageShape shape)
    {
        var numbers = constant.Numbers();
        if (numbers.Length == 1)
            return [.. Enumerable.Repeat(numbers[0], shape.Channels)];
        // Shapes are matched from the last axis on; the channels are the second.
        var axis = constant.Shape.Count - rank + 1;
        return axis >= 0 && constant.Shape[axis] == shape.Channels && numbers.Length == shape.Channels
            ? numbers
            : throw new UnsupportedNodeException(
                $"combines {shape} with constants {Tensor.Describe(constant.Shape)}; expected one number, or one a channel");
    }
}
