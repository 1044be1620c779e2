using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Nern.Networks;
using Nern.Onnx.Protocol;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>What a name in an ONNX model stands for.</summary>
internal abstract record OnnxValue;

/// <summary>What a node yields that has several results.</summary>
/// <param name="Values">Its results.</param>
internal sealed record OnnxResults(IReadOnlyList<OnnxValue> Values) : OnnxValue;

/// <summary>A value that depends on the images.</summary>
/// <param name="Node">The graph's node that yields it.</param>
/// <param name="Axes">
/// What its axes are in the model, a letter each; see <see cref="OnnxAxes"/>. What is not among them has one place.
/// </param>
/// <param name="IsShared">Whether the node's value is also known by another name that may be read.</param>
/// <param name="IsFinal">Whether it stands for what is made of the logits that the node yields: probabilities, or the best class.</param>
/// <param name="Groups">Groups of channels, where an axis of them is among <paramref name="Axes"/>.</param>
/// <param name="IsExpanded">Whether the model sees it repeated to the shape of another value, with which it can only be combined.</param>
internal sealed record OnnxActivation(
    int Node, string Axes, bool IsShared = false, bool IsFinal = false, int Groups = 1, bool IsExpanded = false) : OnnxValue
{
    internal int Rank => Axes.Length;

    /// <summary>Its extents in the model.</summary>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="shape">The shape of one sample.</param>
    internal long[] Extents(int batch, ImageShape shape) => [.. Axes.Select(axis => OnnxAxes.Extent(axis, batch, shape, Groups))];
}

/// <summary>A value that does not.</summary>
/// <param name="Tensor">Its elements.</param>
/// <param name="Name">What the model calls it.</param>
/// <param name="Stored">Where it is stored, if its elements are those of a stored tensor.</param>
/// <param name="IsTransposed">Whether the stored matrix is the other way round.</param>
internal sealed record OnnxConstant(Tensor Tensor, string Name = "", TensorProto? Stored = null, bool IsTransposed = false) : OnnxValue
{
    internal IReadOnlyList<int> Shape => Tensor.Shape;

    internal bool IsInteger => Tensor.Type is ElementType.Int64 or ElementType.Int32;

    internal static OnnxConstant Of(IReadOnlyList<int> shape, long[] values) =>
        new(new Tensor(ElementType.Int64, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    internal static OnnxConstant Of(IReadOnlyList<int> shape, double[] values) =>
        new(new Tensor(ElementType.Float64, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    /// <summary>The elements as whole numbers.</summary>
    internal long[] Integers()
    {
        var bytes = Tensor.Data.Span;
        var values = new long[Tensor.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Tensor.Type switch
            {
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
                _ => throw new UnsupportedNodeException($"takes {Tensor.Type} where whole numbers are expected"),
            };
        return values;
    }

    /// <summary>The elements as numbers.</summary>
    internal double[] Numbers() => Tensor.Type switch
    {
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(Tensor.Data.Span).ToArray(),
        _ when IsInteger => [.. Integers().Select(value => (double)value)],
        ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 => [.. Tensor.ToFloats().Select(value => (double)value)],
        _ => throw new UnsupportedNodeException($"takes {Tensor.Type} where numbers are expected"),
    };

    /// <summary>The only element.</summary>
    internal double Number() => Tensor.Count == 1
        ? Numbers()[0]
        : throw new UnsupportedNodeException($"takes the shape {Tensor.Describe(Shape)} where one number is expected");
}

/// <summary>A parameter of a network that a model stores as it is.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Tensor">Where the model stores it.</param>
/// <param name="IsTransposed">Whether it is stored the other way round.</param>
internal sealed record StoredParameter(string Name, TensorProto Tensor, bool IsTransposed);

/// <summary>A parameter of a network that a model computes of constants.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">What the model calls its value.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ComputedParameter(string Name, string Value, IReadOnlyList<int> Shape);
