using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Nern.Onnx.Protocol;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>What a name in an ONNX model stands for.</summary>
internal abstract record OnnxValue;

/// <summary>A value that depends on the images.</summary>
/// <param name="Node">The graph's node that yields it.</param>
/// <param name="Rank">4 for [N, C, H, W], 2 for [N, features].</param>
/// <param name="IsShared">Whether the node's value is also known by another name that may be read.</param>
/// <param name="IsFinal">Whether it stands for the probabilities behind the logits that the node yields.</param>
internal sealed record OnnxActivation(int Node, int Rank, bool IsShared = false, bool IsFinal = false) : OnnxValue;

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
