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
            throw new ArgumentException($"A {type} tensor of shape {Describe(shape)} takes {expected} bytes; got {data.Length}.",
                nameof(data));
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

    /// <summary>A float32 tensor of <paramref name="values"/>, which it keeps: they must not change any more.</summary>
    internal static Tensor Over(IReadOnlyList<int> shape, float[] values) => new(ElementType.Float32, shape, new FloatBytes(values).Memory);

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

    /// <summary>The elements in another floating-point type, rounded to nearest; this tensor if it is of that type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a floating-point type.</exception>
    internal Tensor As(ElementType type)
    {
        if (type == Type)
            return this;
        var values = ToFloats();
        var data = new byte[values.Length * SizeOf(type)];
        for (var i = 0; i < values.Length; i++)
            switch (type)
            {
                case ElementType.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), values[i]);
                    break;
                case ElementType.Float64:
                    BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8 * i), values[i]);
                    break;
                case ElementType.Float16:
                    BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(2 * i), (Half)values[i]);
                    break;
                case ElementType.BFloat16:
                    BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * i), RoundedToBFloat16(values[i]));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(type), type, null);
            }
        return new Tensor(type, Shape, data);
    }

    // To nearest, ties to even; what is not a number stays so.
    private static ushort RoundedToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>A matrix the other way round.</summary>
    internal Tensor Transposed()
    {
        var (rows, columns, size) = (Shape[0], Shape[1], SizeOf(Type));
        var source = Data.Span;
        var target = new byte[source.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                source.Slice(((row * columns) + column) * size, size).CopyTo(target.AsSpan(((column * rows) + row) * size));
        return new Tensor(Type, [columns, rows], target);
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
