using Nern.Networks;
using Nern.Tensors;

namespace Nern.Onnx.Operators;

/// <summary>Operators that work element by element, and Concat.</summary>
internal static class ElementwiseOperators
{
    internal static OnnxValue Relu(OnnxImport import, OnnxNode node) => Append(import, node, (name, inputs) => new Relu(name, inputs));

    internal static OnnxValue LeakyRelu(OnnxImport import, OnnxNode node) =>
        Append(import, node, (name, inputs) => new LeakyRelu(name, inputs, node.Number("alpha", 0.01f)));

    internal static OnnxValue Sigmoid(OnnxImport import, OnnxNode node) =>
        Append(import, node, (name, inputs) => new Sigmoid(name, inputs));

    internal static OnnxValue HardSwish(OnnxImport import, OnnxNode node) =>
        Append(import, node, (name, inputs) => new HardSwish(name, inputs));

    internal static OnnxValue Clip(OnnxImport import, OnnxNode node)
    {
        // Bounds were attributes up to operator set 10.
        var minimum = (float?)node.OptionalConstant(1)?.Number() ?? node.Number("min", float.MinValue);
        var maximum = (float?)node.OptionalConstant(2)?.Number() ?? node.Number("max", float.MaxValue);
        return Clip(import, node, minimum, maximum);
    }

    internal static OnnxValue Min(OnnxImport import, OnnxNode node) =>
        Clip(import, node, float.MinValue, (float)node.Constant(Sides(node).Constant).Number());

    internal static OnnxValue Max(OnnxImport import, OnnxNode node) =>
        Clip(import, node, (float)node.Constant(Sides(node).Constant).Number(), float.MaxValue);

    internal static OnnxValue HardSigmoid(OnnxImport import, OnnxNode node)
    {
        var (slope, offset) = (node.Number("alpha", 0.2f), node.Number("beta", 0.5f));
        var scaled = Scaled(import, node, node.Activation(0), _ => slope, _ => offset);
        return scaled with { Node = import.Append(new Clip(import.UniqueName($"{node.Name}.clip"), [scaled.Node], 0, 1)) };
    }

    internal static OnnxValue Add(OnnxImport import, OnnxNode node)
    {
        if (node.Inputs is [OnnxActivation, OnnxActivation])
            return Sum(import, node);
        var (constant, input) = Sides(node);
        return AddBias(import, node, node.Activation(input), node.Constant(constant), input) ?? Scale(import, node, _ => 1, value => value);
    }

    internal static OnnxValue Sum(OnnxImport import, OnnxNode node)
    {
        OnnxActivation[] terms = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Activation)];
        if (terms is [])
            throw new UnsupportedNodeException("adds nothing");
        return terms.Skip(1).Aggregate(terms[0], (sum, term) => sum with
        {
            Axes = CommonAxes(import, sum, term),
            Node = import.Append(new Add(import.UniqueName(node.Name), [sum.Node, term.Node])),
            IsShared = false,
        });
    }

    internal static OnnxValue Sub(OnnxImport import, OnnxNode node) =>
        Sides(node).Constant == 1 ? Scale(import, node, _ => 1, value => -value) : Scale(import, node, _ => -1, value => value);

    internal static OnnxValue Mul(OnnxImport import, OnnxNode node)
    {
        if (node.Inputs is not [OnnxActivation, OnnxActivation])
            return Scale(import, node, value => value, _ => 0);
        var (first, second) = (node.Combined(0), node.Combined(1));
        var axes = CommonAxes(import, first, second);
        var name = import.UniqueName(node.Name);
        return new OnnxActivation(
            import.Append(Gates.Gated(import, name, first.Node, second.Node) ?? new Multiply(name, [first.Node, second.Node])), axes);
    }

    internal static OnnxValue Div(OnnxImport import, OnnxNode node) => Sides(node).Constant == 1
        ? Scale(import, node, value => 1 / value, _ => 0)
        : throw new UnsupportedNodeException("divides a constant by a value");

    internal static OnnxValue Concat(OnnxImport import, OnnxNode node)
    {
        OnnxActivation[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Activation)];
        if (parts is [] || parts[0].Axes[SliceOperators.Axis(node.Integer("axis", 1), parts[0].Rank)] != 'C')
            throw new UnsupportedNodeException($"joins along the axis {node.Integer("axis", 1)}; expected the channels");
        if (parts.Any(part => part.Axes != parts[0].Axes))
            throw new UnsupportedNodeException("combines images and vectors");
        return parts is [var only]
            ? import.Alias(node, only)
            : new OnnxActivation(import.Append(new Concat(import.UniqueName(node.Name), [.. parts.Select(part => part.Node)])),
                parts[0].Axes);
    }

    private static OnnxActivation Append(OnnxImport import, OnnxNode node, Func<string, int[], Node> make, int input = 0)
    {
        var value = node.Activation(input);
        return value with { Node = import.Append(make(import.UniqueName(node.Name), [value.Node])), IsShared = false };
    }

    private static OnnxActivation Clip(OnnxImport import, OnnxNode node, float minimum, float maximum) =>
        Append(import, node, (name, inputs) => minimum == 0 && maximum > 0
            ? new Relu(name, inputs, maximum == float.MaxValue || float.IsPositiveInfinity(maximum) ? null : maximum)
            : new Clip(name, inputs, Math.Max(minimum, float.MinValue), Math.Min(maximum, float.MaxValue)), Sides(node).Activation);

    /// <summary>The axes of what is made of two values element by element; either may have one place where the other has several.</summary>
    private static string CommonAxes(OnnxImport import, OnnxActivation first, OnnxActivation second)
    {
        var (one, other) = (import.ExtentsOf(first), import.ExtentsOf(second));
        return first.Rank == second.Rank
            && Enumerable.Range(0, first.Rank).All(i => first.Axes[i] == second.Axes[i] || (i > 0 && (one[i] == 1 || other[i] == 1)))
                ? string.Concat(first.Axes.Select((axis, i) => one[i] == 1 ? second.Axes[i] : axis))
                : throw new UnsupportedNodeException(
                    $"combines the axes {OnnxAxes.Describe(first.Axes)} and {OnnxAxes.Describe(second.Axes)}, images and vectors");
    }

    private static (int Constant, int Activation) Sides(OnnxNode node) => node.Inputs is [OnnxConstant, _] ? (0, 1) : (1, 0);

    // What MatMul leaves to be added is the bias of the fully connected layer.
    private static OnnxValue? AddBias(OnnxImport import, OnnxNode node, OnnxActivation value, OnnxConstant bias, int input)
    {
        if (!import.IsSoleReader(node, input) || import.NodeOf(value) is not Gemm { HasBias: false } gemm
            || bias.Tensor.Count != gemm.Outputs)
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
        var numbers = ByChannel(node.Constant(constant), value, import.ShapeOf(value));
        if (numbers.Distinct().Take(2).ToArray() is [var one] && summand(one) == 0
            && Gates.Divided(import, import.UniqueName(node.Name), value.Node, factor(one)) is { } gate)
            return value with { Node = import.Append(gate), IsShared = false };
        return Scaled(import, node, value, i => factor(numbers[i]), i => summand(numbers[i]));
    }

    private static OnnxActivation Scaled(
        OnnxImport import, OnnxNode node, OnnxActivation value, Func<int, double> factor, Func<int, double> summand)
    {
        var channels = Enumerable.Range(0, import.ShapeOf(value).Channels);
        var name = import.UniqueName(node.Name);
        var result = import.Append(new ChannelAffine(name, [value.Node]));
        import.AddParameter($"{name}.weight", [.. channels.Select(channel => (float)factor(channel))]);
        import.AddParameter($"{name}.bias", [.. channels.Select(channel => (float)summand(channel))]);
        return value with { Node = result, IsShared = false };
    }

    private static double[] ByChannel(OnnxConstant constant, OnnxActivation value, ImageShape shape)
    {
        var numbers = constant.Numbers();
        if (numbers.Length == 1)
            return [.. Enumerable.Repeat(numbers[0], shape.Channels)];
        // Shapes are matched from the last axis on.
        var axis = constant.Shape.Count - value.Rank + value.Axes.IndexOf('C', StringComparison.Ordinal);
        return axis >= 0 && axis < constant.Shape.Count && constant.Shape[axis] == shape.Channels && numbers.Length == shape.Channels
            ? numbers
            : throw new UnsupportedNodeException(
                $"combines {shape} with constants {Tensor.Describe(constant.Shape)}; expected one number, or one a channel");
    }
}
