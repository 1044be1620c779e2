using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>The element type of activations, their gradients and the weights that meet them. Accumulation is always float32.</summary>
public enum Precision
{
    /// <summary>float32.</summary>
    Float32,
    /// <summary>bfloat16, with losses, weight gradients and everything after the last convolution in float32.</summary>
    BFloat16,
}

internal static class PrecisionTypes
{
    internal static DataType DataType(this Precision precision) =>
        precision == Precision.BFloat16 ? OneDnn.DataType.BFloat16 : OneDnn.DataType.Float32;
}
