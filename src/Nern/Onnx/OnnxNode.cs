using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>A node of an ONNX model with what its inputs stand for.</summary>
/// <param name="stored">The node.</param>
/// <param name="inputs">Its inputs; null for one that is left out.</param>
internal sealed class OnnxNode(NodeProto stored, IReadOnlyList<OnnxValue?> inputs)
{
    internal string Operator => stored.OpType;

    /// <summary>Its name, or that of its result.</summary>
    internal string Name => NameOf(stored);

    internal string Output => stored.Output[0];

    /// <summary>Results that have a name.</summary>
    internal int Outputs => stored.Output.Count(name => name.Length > 0);

    /// <summary>All results, named or not.</summary>
    internal int AllOutputs => stored.Output.Count;

    internal IReadOnlyList<OnnxValue?> Inputs => inputs;

    /// <summary>What a node is called in messages and graphs.</summary>
    internal static string NameOf(NodeProto stored) => stored.Name.Length > 0 ? stored.Name : stored.Output.FirstOrDefault("");

    internal string InputName(int input) => stored.Input[input];

    internal bool Has(int input) => input < inputs.Count && inputs[input] is not null;

    /// <summary>An input that depends on the images, in whatever axes.</summary>
    internal OnnxActivation Activation(int input) => Combined(input) is { IsExpanded: false } activation
        ? activation
        : throw new UnsupportedNodeException("takes a value expanded to another's shape, which is supported in Mul only");

    /// <summary>The same for operators that combine it with another value, to whose shape it may be expanded.</summary>
    internal OnnxActivation Combined(int input) => input < inputs.Count && inputs[input] is OnnxActivation { IsFinal: false } activation
        ? activation
        : throw new UnsupportedNodeException(
            inputs.ElementAtOrDefault(input) is OnnxActivation
                ? "follows a Softmax or ArgMax, which is supported at the end only"
                : $"needs its input {input} to depend on the images");

    /// <summary>An input that is images [N, C, H, W].</summary>
    internal OnnxActivation Images(int input) => Activation(input) is { Axes: OnnxAxes.Images } images
        ? images
        : throw new UnsupportedNodeException($"takes axes {OnnxAxes.Describe(Activation(input).Axes)}; expected images [N, C, H, W]");

    internal OnnxConstant Constant(int input) => Has(input) && inputs[input] is OnnxConstant constant
        ? constant
        : throw new UnsupportedNodeException($"needs its input {input} to be a constant");

    internal OnnxConstant? OptionalConstant(int input) => Has(input) ? Constant(input) : null;

    internal bool HasAttribute(string name) => Find(name) is not null;

    internal long Integer(string name, long otherwise) => Find(name)?.I ?? otherwise;

    internal float Number(string name, float otherwise) => Find(name)?.F ?? otherwise;

    internal string Text(string name, string otherwise) => Find(name)?.S.ToStringUtf8() ?? otherwise;

    internal long[]? Integers(string name) => Find(name) is { } attribute ? [.. attribute.Ints] : null;

    internal float[] Numbers(string name) => [.. Find(name)!.Floats];

    internal TensorProto? Tensor(string name) => Find(name)?.T;

    /// <summary>Whole numbers that newer operator sets take as an input and older ones as an attribute.</summary>
    internal long[]? Integers(string name, int input) => Has(input) ? Constant(input).Integers() : Integers(name);

    private AttributeProto? Find(string name) => stored.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
