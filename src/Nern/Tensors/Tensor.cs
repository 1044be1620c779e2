using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Nern.Tensors;

/// <summary>
/// A stored tensor: element type, shape, and the bytes exactly as they stood in the file (row-major, little-endian),
/// so that what is only passed through comes out bit-equal.
/// </summary>
public sealed class Tensor
{
    /// <summary>Wraps <paramref name="data"/>; its length must be what type and shape say.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions, outermost first; empty for a scalar.</param>
    /// <param name="data">Row-major little-endian elements.</param>
    /// <exception cref="ArgumentException">The length does not fit type and shape.</exception>
    public Tensor(ElementType type, IReadOnlyList<int> shape, ReadOnlyMemory<byte> data)
    {
        long expected = SizeOf(type);
        foreach (var dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension);
            expected = checked(expected * dimension);
        }
        if (data.Length != expected)
            throw new ArgumentException($"A {type} tensor of shape {Describe(shape)} takes {expected} bytes; got {data.Length}.", nameof(data));
        Type = type;
        Shape = [.. shape];
        Data = data;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements, row-major and little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Data.Length / SizeOf(Type);

    /// <summary>A float32 tensor of <paramref name="values"/>, copied.</summary>
    public static Tensor From(IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        new(ElementType.Float32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A copy of the elements as float32; float types only.</summary>
    /// <exception cref="InvalidOperationException">The element type is not a floating-point one.</exception>
    public float[] ToFloats()
    {
        var values = new float[Count];
        var bytes = Data.Span;
        switch (Type)
        {
            case ElementType.Float32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
                break;
            case ElementType.Float64:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            case ElementType.Float16:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case ElementType.BFloat16:
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
            default:
                throw new InvalidOperationException($"A tensor of {Type} does not hold floating-point numbers.");
        }
        return values;
    }

    /// <summary>Bytes an element takes.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Float64 or ElementType.Int64 => 8,
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 => 2,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Boolean => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>A shape as people write it, for example [64, 3, 3, 3].</summary>
    public static string Describe(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
