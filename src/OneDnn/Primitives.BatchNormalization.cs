namespace Nern.OneDnn;

public static partial class Primitives
{
    /// <summary>
    /// Batch normalisation of [N, C, H, W] with scale and shift. With <paramref name="globalStatistics"/> mean and variance are given;
    /// otherwise they are those of the batch and are written to <see cref="Argument.Mean"/> and <see cref="Argument.Variance"/>.
    /// With <paramref name="relu"/> a ReLU follows, and the primitive leaves a workspace for the backward one.
    /// </summary>
    public static Primitive BatchNormalizationForward(
        CpuEngine engine, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu = false) =>
        Create(
            engine, $"batch normalisation of {data}",
            (api, creation) => api.BatchNormalizationForward(creation, data, epsilon, globalStatistics, relu));

    /// <summary>
    /// The gradients of a batch normalisation with respect to its source, scale and shift. The shift itself belongs to the arguments
    /// too: some versions of the library want it, although the gradients do not depend on it.
    /// </summary>
    public static Primitive BatchNormalizationBackward(
        CpuEngine engine, Primitive forward, MemoryDescriptor gradient, MemoryDescriptor data, float epsilon, bool globalStatistics,
        bool relu = false) =>
        Create(
            engine, $"backward of batch normalisation of {data}",
            (api, creation) => api.BatchNormalizationBackward(creation, gradient, data, epsilon, globalStatistics, relu), forward: forward,
            unused: Api.Current.UnusedByBatchNormalizationBackward);
}
