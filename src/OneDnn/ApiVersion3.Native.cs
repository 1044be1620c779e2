using System.Runtime.InteropServices;
using static Nern.OneDnn.Native;

namespace Nern.OneDnn;

internal sealed unsafe partial class ApiVersion3
{
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_create_with_tag(out nint descriptor, int rank, long* dimensions, int type, int tag);
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_create_with_strides(
        out nint descriptor, int rank, long* dimensions, int type, long* strides);
    [LibraryImport(Library)]
    private static partial int dnnl_memory_desc_create_submemory(out nint descriptor, nint parent, long* dimensions, long* offsets);
    [LibraryImport(Library)] private static partial int dnnl_memory_desc_clone(out nint descriptor, nint existing);
    [LibraryImport(Library)] private static partial int dnnl_memory_desc_query(nint descriptor, int what, void* result);
    [LibraryImport(Library)] private static partial int dnnl_memory_desc_destroy(nint descriptor);

    [LibraryImport(Library)] private static partial int dnnl_post_ops_append_sum(nint postOps, float scale, int zeroPoint, int type);
    [LibraryImport(Library)]
    private static partial int dnnl_post_ops_append_eltwise(nint postOps, int algorithm, float alpha, float beta);

    [LibraryImport(Library)]
    private static partial int dnnl_concat_primitive_desc_create(
        out nint descriptor, nint engine, nint destination, int count, int axis, nint* sources, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_matmul_primitive_desc_create(
        out nint descriptor, nint engine, nint source, nint weights, nint bias, nint destination, nint attributes);

    [LibraryImport(Library)]
    private static partial int dnnl_convolution_forward_primitive_desc_create(
        out nint descriptor, nint engine, int propagation, int algorithm, nint source, nint weights, nint bias, nint destination,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_convolution_backward_data_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint sourceGradient, nint weights, nint destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter, nint hint, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_convolution_backward_weights_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint source, nint weightsGradient, nint biasGradient, nint destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter, nint hint, nint attributes);

    [LibraryImport(Library)]
    private static partial int dnnl_pooling_forward_primitive_desc_create(
        out nint descriptor, nint engine, int propagation, int algorithm, nint source, nint destination,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_pooling_backward_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint sourceGradient, nint destinationGradient,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter, nint hint, nint attributes);

    [LibraryImport(Library)]
    private static partial int dnnl_batch_normalization_forward_primitive_desc_create(
        out nint descriptor, nint engine, int propagation, nint source, nint destination, float epsilon, uint flags, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_batch_normalization_backward_primitive_desc_create(
        out nint descriptor, nint engine, int propagation, nint sourceGradient, nint destinationGradient, nint source,
        float epsilon, uint flags, nint hint, nint attributes);

    [LibraryImport(Library)]
    private static partial int dnnl_binary_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint source, nint source1, nint destination, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_reduction_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint source, nint destination, float p, float epsilon, nint attributes);

    [LibraryImport(Library)]
    private static partial int dnnl_eltwise_forward_primitive_desc_create(
        out nint descriptor, nint engine, int propagation, int algorithm, nint source, nint destination,
        float alpha, float beta, nint attributes);
    [LibraryImport(Library)]
    private static partial int dnnl_eltwise_backward_primitive_desc_create(
        out nint descriptor, nint engine, int algorithm, nint sourceGradient, nint destinationGradient, nint data,
        float alpha, float beta, nint hint, nint attributes);
}
