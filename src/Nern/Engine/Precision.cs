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

/// <summary>What the processor makes of precisions.</summary>
internal static class Precisions
{
    /// <summary>bfloat16 where the processor multiplies it natively, several times as fast as float32; else float32.</summary>
    public static Precision Fastest(this CpuEngine engine) => engine.HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32;

    /// <summary><paramref name="precision"/> itself.</summary>
    /// <exception cref="NernException">The processor has no kernels for it, or the library's are wrong.</exception>
    internal static Precision Check(this CpuEngine engine, Precision precision) =>
        precision == Precision.Float32 || engine.SupportsBFloat16
            ? precision
            : throw new NernException(engine.MisplacesWeights
                ? $"oneDNN {engine.Version} computes wrong numbers in bfloat16 (3.8.1 does not): choose float32."
                : "bfloat16 needs a processor with AVX-512, which this one has not: choose float32.");

    internal static DataType DataType(this Precision precision) =>
        precision == Precision.BFloat16 ? OneDnn.DataType.BFloat16 : OneDnn.DataType.Float32;
}
