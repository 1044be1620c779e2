using System.Runtime.InteropServices;
using Nern.Files;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>Tensors as an ONNX model stores them: raw bytes, numbers of a type, or a part of another file.</summary>
internal static class OnnxTensor
{
    /// <summary>Reads <paramref name="stored"/>.</summary>
    /// <param name="stored">The tensor in the model.</param>
    /// <param name="external">Where data outside the model is.</param>
    /// <exception cref="InvalidDataException">Its data does not fit its type and shape, or is not there.</exception>
    internal static Tensor Read(TensorProto stored, ExternalData external)
    {
        var type = OnnxTypes.Of(stored.DataType)
            ?? throw new InvalidDataException($"has {Quote(stored)} of element type {stored.DataType}, which is not supported.");
        if (stored.Dims.Count > StoredSize.MaximumRank || stored.Dims.Any(dimension => dimension is < 0 or > int.MaxValue))
            throw new InvalidDataException($"has {Quote(stored)} with the impossible shape [{string.Join(", ", stored.Dims.Take(20))}].");
        int[] shape = [.. stored.Dims.Select(dimension => (int)dimension)];
        var expected = StoredSize.Of(type, shape);
        if (expected > Array.MaxLength)
            throw new InvalidDataException($"has {Quote(stored)} with the shape {Tensor.Describe(shape)}, which is more than can be held.");
        var data = stored.DataLocation == OnnxTypes.External ? external.Read(stored, expected)
            : stored.HasRawData ? stored.RawData.Memory
            : Typed(stored, type);
        return data.Length == expected
            ? new Tensor(type, shape, data)
            : throw new InvalidDataException(
                $"gives {Quote(stored)} {data.Length} bytes; expected {expected} for {type} {Tensor.Describe(shape)}.");
    }

    internal static string Quote(TensorProto stored) => $"a tensor {MalformedFile.Quote(stored.Name)}";

    private static byte[] Typed(TensorProto stored, ElementType type) => type switch
    {
        ElementType.Float32 => Bytes<float>([.. stored.FloatData]),
        ElementType.Float64 => Bytes<double>([.. stored.DoubleData]),
        ElementType.Int64 => Bytes<long>([.. stored.Int64Data]),
        ElementType.Int32 => Bytes<int>([.. stored.Int32Data]),
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 =>
            Bytes<short>([.. stored.Int32Data.Select(value => (short)value)]),
        _ => Bytes<sbyte>([.. stored.Int32Data.Select(value => (sbyte)value)]),
    };

    private static byte[] Bytes<T>(T[] values) where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();
}
