using System.Runtime.InteropServices;
using static Nern.OneDnn.Native;

namespace Nern.OneDnn;

internal sealed unsafe partial class ApiVersion2
{
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_init_by_tag(nint descriptor, int rank, long* dimensions, int type, int tag);
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_init_by_strides(nint descriptor, int rank, long* dimensions, int type, long* strides);
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_init_submemory(nint descriptor, nint parent, long* dimensions, long* offsets);

    [LibraryImport(Library)] private static partial int dnnl_post_ops_append_sum(nint postOps, float scale);
    [LibraryImport(Library)]
    private static partial int dnnl_post_ops_append_eltwise(nint postOps, float scale, int algorithm, float alpha, float beta);

    [LibraryImport(Library)]
    private static partial int dnnl_primitive_desc_create(out nint descriptor, byte* operation, nint attributes, nint engine, nint hint);
    [LibraryImport(Library)]
    private static partial int dnnl_concat_primitive_desc_create(
        out nint descriptor, nint destination, int count, int axis, byte* sources, nint attributes, nint engine);

    [LibraryImport(Library)]
    private static partial int dnnl_dilated_convolution_forward_desc_init(
        byte* operation, int propagation, int algorithm, nint source, nint weights, nint bias, nint destination,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    private static partial int dnnl_dilated_convolution_backward_data_desc_init(
        byte* operation, int algorithm, nint sourceGradient, nint weights, nint destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    private static partial int dnnl_dilated_convolution_backward_weights_desc_init(
        byte* operation, int algorithm, nint source, nint weightsGradient, nint biasGradient, nint destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    private static partial int dnnl_matmul_desc_init(byte* operation, nint source, nint weights, nint bias, nint destination);
    [LibraryImport(Library)]
    private static partial int dnnl_binary_desc_init(byte* operation, int algorithm, nint source, nint source1, nint destination);
    [LibraryImport(Library)]
    private static partial int dnnl_reduction_desc_init(
        byte* operation, int algorithm, nint source, nint destination, float p, float epsilon);
    [LibraryImport(Library)]
    private static partial int dnnl_pooling_v2_forward_desc_init(
        byte* operation, int propagation, int algorithm, nint source, nint destination,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    private static partial int dnnl_pooling_v2_backward_desc_init(
        byte* operation, int algorithm, nint sourceGradient, nint destinationGradient,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    private static partial int dnnl_batch_normalization_forward_desc_init(
        byte* operation, int propagation, nint data, float epsilon, uint flags);
    [LibraryImport(Library)]
    private static partial int dnnl_batch_normalization_backward_desc_init(
        byte* operation, int propagation, nint gradient, nint data, float epsilon, uint flags);
    [LibraryImport(Library)]
    private static partial int dnnl_eltwise_forward_desc_init(
        byte* operation, int propagation, int algorithm, nint data, float alpha, float beta);
    [LibraryImport(Library)]
    private static partial int dnnl_eltwise_backward_desc_init(
        byte* operation, int algorithm, nint gradient, nint data, float alpha, float beta);
}
