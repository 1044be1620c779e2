using Nern.Tensors;

namespace Nern.OnnxModels;

/// <summary>ONNX's numbers for element types.</summary>
internal static class OnnxTypes
{
    /// <summary>A tensor's data is in another file.</summary>
    internal const int External = 1;

    internal const int Float = 1;

    internal const int Int64 = 7;

    /// <summary>The element type of ONNX's number <paramref name="type"/>, or null for those no network here needs.</summary>
    internal static ElementType? Of(int type) => type switch
    {
        Float => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        Int64 => ElementType.Int64,
        9 => ElementType.Boolean,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        16 => ElementType.BFloat16,
        _ => null,
    };

    internal static bool IsFloatingPoint(int type) =>
        Of(type) is ElementType.Float32 or ElementType.Float16 or ElementType.Float64 or ElementType.BFloat16;
}
