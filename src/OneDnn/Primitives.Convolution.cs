namespace Nern.OneDnn;

public static partial class Primitives
{
    /// <summary>
    /// Forward convolution. Source [N, C, H, W], weights [O, C, KH, KW] (grouped: [G, O/G, C/G, KH, KW]), bias [O] or none,
    /// destination [N, O, H', W'].
    /// </summary>
    public static Primitive ConvolutionForward(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        Window window, PostOperations? postOperations = null) =>
        Create(
            engine, $"convolution {source} * {weights} to {destination}",
            (api, creation) => api.ConvolutionForward(creation, source, weights, bias, destination, new Sliding(window)), postOperations);

    /// <summary>The gradient of a convolution with respect to its source.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="forward">The forward primitive, whose choices guide this one.</param>
    /// <param name="sourceGradient">Descriptor of the result.</param>
    /// <param name="weights">Descriptor of the weights.</param>
    /// <param name="destinationGradient">Descriptor of the incoming gradient.</param>
    /// <param name="window">The forward window.</param>
    public static Primitive ConvolutionBackwardData(
        CpuEngine engine, Primitive forward, MemoryDescriptor sourceGradient, MemoryDescriptor weights,
        MemoryDescriptor destinationGradient, Window window) =>
        Create(
            engine, $"backward data of convolution {sourceGradient} * {weights} to {destinationGradient}",
            (api, creation) => api.ConvolutionBackwardData(creation, sourceGradient, weights, destinationGradient, new Sliding(window)),
            forward: forward);

    /// <summary>The gradient of a convolution with respect to its weights and, if named, its bias.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="forward">The forward primitive, whose choices guide this one.</param>
    /// <param name="source">Descriptor of the forward source.</param>
    /// <param name="weightsGradient">Descriptor of the result.</param>
    /// <param name="biasGradient">Descriptor of the bias gradient, or null.</param>
    /// <param name="destinationGradient">Descriptor of the incoming gradient.</param>
    /// <param name="window">The forward window.</param>
    public static Primitive ConvolutionBackwardWeights(
        CpuEngine engine, Primitive forward, MemoryDescriptor source, MemoryDescriptor weightsGradient, MemoryDescriptor? biasGradient,
        MemoryDescriptor destinationGradient, Window window) =>
        Create(
            engine, $"backward weights of convolution {source} * {weightsGradient} to {destinationGradient}",
            (api, creation) => api.ConvolutionBackwardWeights(
                creation, source, weightsGradient, biasGradient, destinationGradient, new Sliding(window)),
            forward: forward);
}
