using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>
/// The C API of oneDNN 2 as <c>dnnl.h</c> declares it, names unchanged. Descriptors are opaque bytes that the
/// library's own <c>*_desc_init</c> functions fill (<see cref="OperationSize"/> covers the largest of them).
/// </summary>
internal static unsafe partial class Native
{
    /// <summary>Bytes of dnnl_memory_desc_t in oneDNN 2.</summary>
    internal const int MemoryDescriptorSize = 696;

    /// <summary>Room for any dnnl_*_desc_t used here; the largest, dnnl_convolution_desc_t, takes 5976 bytes.</summary>
    internal const int OperationSize = 8192;

    private const string Library = "dnnl";

    static Native() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial VersionRecord* dnnl_version();

    [LibraryImport(Library)] internal static partial int dnnl_engine_create(out nint engine, int kind, nuint index);
    [LibraryImport(Library)] internal static partial int dnnl_engine_destroy(nint engine);
    [LibraryImport(Library)] internal static partial int dnnl_stream_create(out nint stream, nint engine, uint flags);
    [LibraryImport(Library)] internal static partial int dnnl_stream_destroy(nint stream);
    [LibraryImport(Library)] internal static partial int dnnl_get_effective_cpu_isa();

    [LibraryImport(Library)]
    internal static partial int dnnl_memory_desc_init_by_tag(byte* descriptor, int rank, long* dimensions, int type, int tag);
    [LibraryImport(Library)]
    internal static partial int dnnl_memory_desc_init_by_strides(byte* descriptor, int rank, long* dimensions, int type, long* strides);
    [LibraryImport(Library)]
    internal static partial int dnnl_memory_desc_init_submemory(byte* descriptor, byte* parent, long* dimensions, long* offsets);
    [LibraryImport(Library)] internal static partial int dnnl_memory_desc_equal(byte* left, byte* right);
    [LibraryImport(Library)] internal static partial nuint dnnl_memory_desc_get_size(byte* descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_memory_create(out nint memory, byte* descriptor, nint engine, nint data);
    [LibraryImport(Library)] internal static partial int dnnl_memory_set_data_handle(nint memory, nint data);
    [LibraryImport(Library)] internal static partial int dnnl_memory_destroy(nint memory);

    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_create(out nint attributes);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_destroy(nint attributes);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_set_post_ops(nint attributes, nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_set_scratchpad_mode(nint attributes, int mode);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_create(out nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_destroy(nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_append_sum(nint postOps, float scale);
    [LibraryImport(Library)]
    internal static partial int dnnl_post_ops_append_eltwise(nint postOps, float scale, int algorithm, float alpha, float beta);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_append_binary(nint postOps, int algorithm, byte* source1);

    [LibraryImport(Library)]
    internal static partial int dnnl_primitive_desc_create(out nint descriptor, byte* operation, nint attributes, nint engine, nint hint);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_desc_query(nint descriptor, int what, int index, void* result);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_desc_destroy(nint descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_create(out nint primitive, nint descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_destroy(nint primitive);
    // Runs for microseconds to milliseconds and never calls back: but other threads may collect meanwhile, so the transition stays.
    [LibraryImport(Library)]
    internal static partial int dnnl_primitive_execute(nint primitive, nint stream, int count, ExecutionArgument* arguments);

    [LibraryImport(Library)]
    internal static partial int dnnl_reorder_primitive_desc_create(
        out nint descriptor, byte* source, nint sourceEngine, byte* destination, nint destinationEngine, nint attributes);
    [LibraryImport(Library)]
    internal static partial int dnnl_concat_primitive_desc_create(
        out nint descriptor, byte* destination, int count, int axis, byte* sources, nint attributes, nint engine);

    [LibraryImport(Library)]
    internal static partial int dnnl_dilated_convolution_forward_desc_init(
        byte* operation, int propagation, int algorithm, byte* source, byte* weights, byte* bias, byte* destination,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    internal static partial int dnnl_dilated_convolution_backward_data_desc_init(
        byte* operation, int algorithm, byte* sourceGradient, byte* weights, byte* destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    internal static partial int dnnl_dilated_convolution_backward_weights_desc_init(
        byte* operation, int algorithm, byte* source, byte* weightsGradient, byte* biasGradient, byte* destinationGradient,
        long* strides, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    internal static partial int dnnl_matmul_desc_init(byte* operation, byte* source, byte* weights, byte* bias, byte* destination);
    [LibraryImport(Library)]
    internal static partial int dnnl_pooling_v2_forward_desc_init(
        byte* operation, int propagation, int algorithm, byte* source, byte* destination,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    internal static partial int dnnl_pooling_v2_backward_desc_init(
        byte* operation, int algorithm, byte* sourceGradient, byte* destinationGradient,
        long* strides, long* kernel, long* dilations, long* paddingBefore, long* paddingAfter);
    [LibraryImport(Library)]
    internal static partial int dnnl_batch_normalization_forward_desc_init(
        byte* operation, int propagation, byte* data, float epsilon, uint flags);
    [LibraryImport(Library)]
    internal static partial int dnnl_batch_normalization_backward_desc_init(
        byte* operation, int propagation, byte* gradient, byte* data, float epsilon, uint flags);
    [LibraryImport(Library)]
    internal static partial int dnnl_eltwise_forward_desc_init(
        byte* operation, int propagation, int algorithm, byte* data, float alpha, float beta);
    [LibraryImport(Library)]
    internal static partial int dnnl_eltwise_backward_desc_init(
        byte* operation, int algorithm, byte* gradient, byte* data, float alpha, float beta);
    [LibraryImport(Library)]
    internal static partial int dnnl_binary_desc_init(byte* operation, int algorithm, byte* source0, byte* source1, byte* destination);
    [LibraryImport(Library)]
    internal static partial int dnnl_reduction_desc_init(byte* operation, int algorithm, byte* source, byte* destination, float p, float epsilon);
    [LibraryImport(Library)]
    internal static partial int dnnl_softmax_v2_forward_desc_init(
        byte* operation, int propagation, int algorithm, byte* source, byte* destination, int axis);

    /// <summary>dnnl_version_t, as far as read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct VersionRecord
    {
        internal int Major, Minor, Patch;
    }

    /// <summary>dnnl_exec_arg_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ExecutionArgument
    {
        internal int Role;
        internal nint Memory;
    }
}
