namespace Nern.OneDnn;

/// <summary>Element-wise functions (dnnl_eltwise_*, numbered anew in each version).</summary>
public enum EltwiseFunction
{
    /// <summary>max(0, x); a slope for negative values may be given.</summary>
    Relu,
    /// <summary>x · min(max(0, x + 3), 6) / 6.</summary>
    HardSwish,
    /// <summary>min(alpha, max(0, x)).</summary>
    BoundedRelu,
    /// <summary>1 / (1 + exp(-x)).</summary>
    Logistic,
    /// <summary>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).</summary>
    GeluTanh,
    /// <summary>x / (1 + exp(-alpha x)).</summary>
    Swish,
    /// <summary>Bounds x.</summary>
    Clip,
}

public static partial class Primitives
{
    /// <summary>An element-wise function.</summary>
    public static Primitive EltwiseForward(
        CpuEngine engine, EltwiseFunction function, MemoryDescriptor data, float alpha = 0, float beta = 0) =>
        Create(engine, $"{function} of {data}", (api, creation) => api.EltwiseForward(creation, function, data, alpha, beta));

    /// <summary>The gradient of an element-wise function with respect to its source.</summary>
    public static Primitive EltwiseBackward(
        CpuEngine engine, EltwiseFunction function, Primitive forward, MemoryDescriptor gradient, MemoryDescriptor data,
        float alpha = 0, float beta = 0) =>
        Create(
            engine, $"backward of {function} of {data}",
            (api, creation) => api.EltwiseBackward(creation, function, gradient, data, alpha, beta), forward: forward);
}
