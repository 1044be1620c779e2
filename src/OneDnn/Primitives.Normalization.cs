namespace Nern.OneDnn;

/// <summary>Element-wise functions (dnnl_eltwise_*).</summary>
public enum EltwiseFunction
{
    /// <summary>max(0, x); a slope for negative values may be given.</summary>
    Relu = 31,
    /// <summary>1 / (1 + exp(-x)).</summary>
    Logistic = 175,
    /// <summary>Bounds x.</summary>
    Clip = 255,
}

public static unsafe partial class Primitives
{
    private const uint UseGlobalStatistics = 1;
    private const uint UseScaleAndShift = 8 | 16;

    /// <summary>
    /// Batch normalisation of [N, C, H, W] with scale and shift. With <paramref name="globalStatistics"/> mean and variance are given;
    /// otherwise they are those of the batch and are written to <see cref="Argument.Mean"/> and <see cref="Argument.Variance"/>.
    /// </summary>
    public static Primitive BatchNormalizationForward(CpuEngine engine, MemoryDescriptor data, float epsilon, bool globalStatistics) =>
        Create(
            engine, $"batch normalisation of {data}", nameof(Native.dnnl_batch_normalization_forward_desc_init),
            operation => Native.dnnl_batch_normalization_forward_desc_init(
                operation, ForwardTraining, data.Pointer, epsilon, Flags(globalStatistics)));

    /// <summary>The gradients of a batch normalisation with respect to its source, scale and shift.</summary>
    public static Primitive BatchNormalizationBackward(
        CpuEngine engine, Primitive forward, MemoryDescriptor gradient, MemoryDescriptor data, float epsilon, bool globalStatistics) =>
        Create(
            engine, $"backward of batch normalisation of {data}", nameof(Native.dnnl_batch_normalization_backward_desc_init),
            operation => Native.dnnl_batch_normalization_backward_desc_init(
                operation, Backward, gradient.Pointer, data.Pointer, epsilon, Flags(globalStatistics)),
            forward: forward);

    /// <summary>An element-wise function.</summary>
    public static Primitive EltwiseForward(CpuEngine engine, EltwiseFunction function, MemoryDescriptor data, float alpha = 0, float beta = 0) =>
        Create(
            engine, $"{function} of {data}", nameof(Native.dnnl_eltwise_forward_desc_init),
            operation => Native.dnnl_eltwise_forward_desc_init(operation, ForwardTraining, (int)function, data.Pointer, alpha, beta));

    /// <summary>The gradient of an element-wise function with respect to its source.</summary>
    public static Primitive EltwiseBackward(
        CpuEngine engine, EltwiseFunction function, Primitive forward, MemoryDescriptor gradient, MemoryDescriptor data,
        float alpha = 0, float beta = 0) =>
        Create(
            engine, $"backward of {function} of {data}", nameof(Native.dnnl_eltwise_backward_desc_init),
            operation => Native.dnnl_eltwise_backward_desc_init(operation, (int)function, gradient.Pointer, data.Pointer, alpha, beta),
            forward: forward);

    private static uint Flags(bool globalStatistics) => UseScaleAndShift | (globalStatistics ? UseGlobalStatistics : 0);
}
