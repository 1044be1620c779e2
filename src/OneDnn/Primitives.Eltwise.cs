namespace Nern.OneDnn;

/// <summary>Element-wise functions (dnnl_eltwise_*).</summary>
public enum EltwiseFunction
{
    /// <summary>max(0, x); a slope for negative values may be given.</summary>
    Relu = 31,
    /// <summary>x · min(max(0, x + 3), 6) / 6.</summary>
    HardSwish = 112,
    /// <summary>min(alpha, max(0, x)).</summary>
    BoundedRelu = 143,
    /// <summary>1 / (1 + exp(-x)).</summary>
    Logistic = 175,
    /// <summary>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).</summary>
    GeluTanh = 207,
    /// <summary>x / (1 + exp(-alpha x)).</summary>
    Swish = 223,
    /// <summary>Bounds x.</summary>
    Clip = 255,
}

public static unsafe partial class Primitives
{
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
}
