using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Nern.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Nern.Compression;

/// <summary>
/// The usual rounding of trained networks: each filter or output of a weight is whole numbers of a few bits, about 0, times a scale of its
/// own; tensors without rows (biases, normalisations) stay float32.
/// </summary>
internal static class FilterIntegers
{
    /// <summary>Rounds a weight.</summary>
    /// <param name="weight">A tensor of two or more dimensions; its first are the filters.</param>
    /// <param name="bits">Bits of an integer, 2 to 8; its smallest value is left out, so that as many are below 0 as above.</param>
    /// <returns>The integers, and the scale of each filter.</returns>
    internal static (sbyte[] Integers, float[] Scales) Round(Tensor weight, int bits)
    {
        var values = weight.ToFloats();
        var (rows, largest) = (weight.Shape[0], (1 << (bits - 1)) - 1);
        var columns = rows == 0 ? 0 : values.Length / rows;
        var (integers, scales) = (new sbyte[values.Length], new float[rows]);
        for (var row = 0; row < rows && columns > 0; row++)
        {
            var filter = values.AsSpan(row * columns, columns);
            var size = TensorPrimitives.MaxMagnitude<float>(filter);
            scales[row] = Math.Abs(size) / largest;
            for (var i = 0; i < columns && scales[row] > 0; i++)
                integers[(row * columns) + i] = (sbyte)Math.Clamp(MathF.Round(filter[i] / scales[row]), -largest, largest);
        }
        return (integers, scales);
    }

    /// <summary>Whether a tensor is rounded.</summary>
    internal static bool Rounds(Tensor tensor) => tensor.Shape.Count > 1 && IsValue(tensor);

    /// <summary>Whether a tensor is numbers of a network at all, and no counter.</summary>
    internal static bool IsValue(Tensor tensor) =>
        tensor.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>The values that a rounded tensor has; others as they are, in float32.</summary>
    internal static float[] ToFloats(Tensor tensor, int bits)
    {
        if (!Rounds(tensor))
            return tensor.ToFloats();
        var (integers, scales) = Round(tensor, bits);
        var columns = scales.Length == 0 ? 0 : integers.Length / scales.Length;
        return [.. integers.Select((value, i) => value * scales[i / columns])];
    }

    /// <summary>
    /// All tensors, one after another, for a general compressor: of a rounded one the scales and then its integers, a byte each; others as
    /// float32. Names and shapes are left out.
    /// </summary>
    internal static byte[] ToBytes(IEnumerable<Tensor> tensors, int bits)
    {
        var bytes = new MemoryStream();
        foreach (var tensor in tensors.Where(IsValue))
        {
            if (!Rounds(tensor))
            {
                Write(tensor.ToFloats());
                continue;
            }
            var (integers, scales) = Round(tensor, bits);
            Write(scales);
            bytes.Write(MemoryMarshal.AsBytes<sbyte>(integers));
        }
        return bytes.ToArray();

        void Write(float[] values)
        {
            Span<byte> word = stackalloc byte[sizeof(float)];
            foreach (var value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(word, value);
                bytes.Write(word);
            }
        }
    }
}
