namespace Nern.OneDnn;

/// <summary>Pooling algorithms (dnnl_pooling_*).</summary>
public enum PoolingKind
{
    /// <summary>The largest value; the forward primitive leaves a workspace for the backward one.</summary>
    Maximum = 511,
    /// <summary>The mean over the whole kernel, padding counted as zeros.</summary>
    AverageWithPadding = 767,
    /// <summary>The mean over the elements inside the image.</summary>
    AverageWithoutPadding = 1023,
}

public static partial class Primitives
{
    /// <summary>Forward pooling of [N, C, H, W] to [N, C, H', W'].</summary>
    public static Primitive PoolingForward(
        CpuEngine engine, PoolingKind kind, MemoryDescriptor source, MemoryDescriptor destination, int kernelY, int kernelX,
        Window window) =>
        Create(
            engine, $"{kind} pooling {kernelY}x{kernelX} of {source} to {destination}",
            (api, creation) => api.PoolingForward(creation, kind, source, destination, new Sliding(window, kernelY, kernelX)));

    /// <summary>The gradient of a pooling with respect to its source.</summary>
    public static Primitive PoolingBackward(
        CpuEngine engine, PoolingKind kind, Primitive forward, MemoryDescriptor sourceGradient, MemoryDescriptor destinationGradient,
        int kernelY, int kernelX, Window window) =>
        Create(
            engine, $"backward of {kind} pooling {kernelY}x{kernelX} of {sourceGradient}",
            (api, creation) => api.PoolingBackward(
                creation, kind, sourceGradient, destinationGradient, new Sliding(window, kernelY, kernelX)),
            forward: forward);
}
