namespace Nern.OneDnn;

/// <summary>
/// oneDNN 3. Memory descriptors are objects of the library; a primitive descriptor is made by one call; post-ops have no scales;
/// the functions are numbered anew, and those that were special cases of others are gone.
/// </summary>
internal sealed unsafe partial class ApiVersion3 : Api
{
    // dnnl_query_t of a memory descriptor.
    private const int RankQuery = 256, DimensionsQuery = 257, TypeQuery = 258, BlocksQuery = 263, BlockedAxesQuery = 265;

    internal override int Role(Argument argument) => argument == Argument.PostOpSource ? 32768 | 2 : (int)argument;

    internal override Argument? UnusedByBatchNormalizationBackward => Argument.Shift;

    internal override NativeHandle AnyOrder(int rank, long* dimensions, DataType type, string what)
    {
        Status.Check(
            dnnl_memory_desc_create_with_tag(out var descriptor, rank, dimensions, (int)type, AnyTag),
            nameof(dnnl_memory_desc_create_with_tag), what);
        return new Opaque(descriptor);
    }

    internal override NativeHandle Strided(int rank, long* dimensions, DataType type, long* strides, string what)
    {
        Status.Check(
            dnnl_memory_desc_create_with_strides(out var descriptor, rank, dimensions, (int)type, strides),
            nameof(dnnl_memory_desc_create_with_strides), what);
        return new Opaque(descriptor);
    }

    internal override NativeHandle Part(MemoryDescriptor whole, long* dimensions, long* offsets, string what)
    {
        Status.Check(
            dnnl_memory_desc_create_submemory(out var descriptor, whole.Pointer, dimensions, offsets),
            nameof(dnnl_memory_desc_create_submemory), what);
        return new Opaque(descriptor);
    }

    internal override NativeHandle Copy(nint descriptor, out int rank, out long* dimensions, out DataType type)
    {
        Status.Check(dnnl_memory_desc_clone(out var clone, descriptor), nameof(dnnl_memory_desc_clone));
        var copy = new Opaque(clone);
        int foundRank, foundType;
        long* foundDimensions;
        Status.Check(dnnl_memory_desc_query(clone, RankQuery, &foundRank), nameof(dnnl_memory_desc_query), "rank");
        Status.Check(dnnl_memory_desc_query(clone, DimensionsQuery, &foundDimensions), nameof(dnnl_memory_desc_query), "dimensions");
        Status.Check(dnnl_memory_desc_query(clone, TypeQuery, &foundType), nameof(dnnl_memory_desc_query), "type");
        rank = foundRank;
        dimensions = foundDimensions;
        type = (DataType)foundType;
        return copy;
    }

    internal override int[] BlockedAxes(MemoryDescriptor descriptor)
    {
        int blocks;
        long* axes;
        Status.Check(dnnl_memory_desc_query(descriptor.Pointer, BlocksQuery, &blocks), nameof(dnnl_memory_desc_query), "blocks");
        Status.Check(dnnl_memory_desc_query(descriptor.Pointer, BlockedAxesQuery, &axes), nameof(dnnl_memory_desc_query), "blocked axes");
        var found = new int[blocks];
        for (var i = 0; i < blocks; i++)
            found[i] = (int)axes[i];
        GC.KeepAlive(descriptor);
        return found;
    }

    internal override void AppendSum(nint postOps) =>
        Status.Check(dnnl_post_ops_append_sum(postOps, 1f, zeroPoint: 0, type: 0), nameof(dnnl_post_ops_append_sum));

    internal override void AppendEltwise(nint postOps, EltwiseFunction function, float alpha, float beta)
    {
        var (algorithm, first, second) = Eltwise(function, alpha, beta);
        Status.Check(
            dnnl_post_ops_append_eltwise(postOps, algorithm, first, second), nameof(dnnl_post_ops_append_eltwise), function.ToString());
    }

    internal override nint Concatenate(
        Creation creation, int axis, IReadOnlyList<MemoryDescriptor> sources, MemoryDescriptor destination)
    {
        var all = stackalloc nint[sources.Count];
        for (var i = 0; i < sources.Count; i++)
            all[i] = sources[i].Pointer;
        Status.Check(
            dnnl_concat_primitive_desc_create(
                out var descriptor, creation.Engine, destination.Pointer, sources.Count, axis, all, creation.Attributes),
            nameof(dnnl_concat_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint MatMul(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination)
    {
        Status.Check(
            dnnl_matmul_primitive_desc_create(
                out var descriptor, creation.Engine, source.Pointer, weights.Pointer, PointerOrNull(bias), destination.Pointer,
                creation.Attributes),
            nameof(dnnl_matmul_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint ConvolutionForward(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        Sliding sliding)
    {
        Status.Check(
            dnnl_convolution_forward_primitive_desc_create(
                out var descriptor, creation.Engine, ForwardTraining, ConvolutionDirect, source.Pointer, weights.Pointer,
                PointerOrNull(bias), destination.Pointer, sliding.Strides, sliding.Dilations, sliding.Before, sliding.After,
                creation.Attributes),
            nameof(dnnl_convolution_forward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint ConvolutionBackwardData(
        Creation creation, MemoryDescriptor sourceGradient, MemoryDescriptor weights, MemoryDescriptor destinationGradient,
        Sliding sliding)
    {
        Status.Check(
            dnnl_convolution_backward_data_primitive_desc_create(
                out var descriptor, creation.Engine, ConvolutionDirect, sourceGradient.Pointer, weights.Pointer,
                destinationGradient.Pointer, sliding.Strides, sliding.Dilations, sliding.Before, sliding.After, creation.Forward,
                creation.Attributes),
            nameof(dnnl_convolution_backward_data_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint ConvolutionBackwardWeights(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weightsGradient, MemoryDescriptor? biasGradient,
        MemoryDescriptor destinationGradient, Sliding sliding)
    {
        Status.Check(
            dnnl_convolution_backward_weights_primitive_desc_create(
                out var descriptor, creation.Engine, ConvolutionDirect, source.Pointer, weightsGradient.Pointer,
                PointerOrNull(biasGradient), destinationGradient.Pointer, sliding.Strides, sliding.Dilations, sliding.Before, sliding.After,
                creation.Forward, creation.Attributes),
            nameof(dnnl_convolution_backward_weights_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint PoolingForward(
        Creation creation, PoolingKind kind, MemoryDescriptor source, MemoryDescriptor destination, Sliding sliding)
    {
        Status.Check(
            dnnl_pooling_forward_primitive_desc_create(
                out var descriptor, creation.Engine, ForwardTraining, (int)kind, source.Pointer, destination.Pointer,
                sliding.Strides, sliding.Kernel, sliding.Dilations, sliding.Before, sliding.After, creation.Attributes),
            nameof(dnnl_pooling_forward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint PoolingBackward(
        Creation creation, PoolingKind kind, MemoryDescriptor sourceGradient, MemoryDescriptor destinationGradient, Sliding sliding)
    {
        Status.Check(
            dnnl_pooling_backward_primitive_desc_create(
                out var descriptor, creation.Engine, (int)kind, sourceGradient.Pointer, destinationGradient.Pointer,
                sliding.Strides, sliding.Kernel, sliding.Dilations, sliding.Before, sliding.After, creation.Forward, creation.Attributes),
            nameof(dnnl_pooling_backward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint BatchNormalizationForward(
        Creation creation, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu)
    {
        Status.Check(
            dnnl_batch_normalization_forward_primitive_desc_create(
                out var descriptor, creation.Engine, ForwardTraining, data.Pointer, data.Pointer, epsilon, Flags(globalStatistics, relu),
                creation.Attributes),
            nameof(dnnl_batch_normalization_forward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint BatchNormalizationBackward(
        Creation creation, MemoryDescriptor gradient, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu)
    {
        Status.Check(
            dnnl_batch_normalization_backward_primitive_desc_create(
                out var descriptor, creation.Engine, Backward, gradient.Pointer, gradient.Pointer, data.Pointer, epsilon,
                Flags(globalStatistics, relu), creation.Forward, creation.Attributes),
            nameof(dnnl_batch_normalization_backward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint Product(Creation creation, MemoryDescriptor source, MemoryDescriptor source1, MemoryDescriptor destination)
    {
        Status.Check(
            dnnl_binary_primitive_desc_create(
                out var descriptor, creation.Engine, BinaryMultiply, source.Pointer, source1.Pointer, destination.Pointer,
                creation.Attributes),
            nameof(dnnl_binary_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint Sum(Creation creation, MemoryDescriptor source, MemoryDescriptor destination)
    {
        Status.Check(
            dnnl_reduction_primitive_desc_create(
                out var descriptor, creation.Engine, ReductionSum, source.Pointer, destination.Pointer, 0, 0, creation.Attributes),
            nameof(dnnl_reduction_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint EltwiseForward(Creation creation, EltwiseFunction function, MemoryDescriptor data, float alpha, float beta)
    {
        var (algorithm, first, second) = Eltwise(function, alpha, beta);
        Status.Check(
            dnnl_eltwise_forward_primitive_desc_create(
                out var descriptor, creation.Engine, ForwardTraining, algorithm, data.Pointer, data.Pointer, first, second,
                creation.Attributes),
            nameof(dnnl_eltwise_forward_primitive_desc_create), creation.What);
        return descriptor;
    }

    internal override nint EltwiseBackward(
        Creation creation, EltwiseFunction function, MemoryDescriptor gradient, MemoryDescriptor data, float alpha, float beta)
    {
        var (algorithm, first, second) = Eltwise(function, alpha, beta);
        Status.Check(
            dnnl_eltwise_backward_primitive_desc_create(
                out var descriptor, creation.Engine, algorithm, gradient.Pointer, gradient.Pointer, data.Pointer, first, second,
                creation.Forward, creation.Attributes),
            nameof(dnnl_eltwise_backward_primitive_desc_create), creation.What);
        return descriptor;
    }

    // Always with a scale (2) and a shift (4).
    private static uint Flags(bool globalStatistics, bool relu) => 2 | 4 | (globalStatistics ? 1u : 0) | (relu ? 8u : 0);

    private static (int Algorithm, float Alpha, float Beta) Eltwise(EltwiseFunction function, float alpha, float beta) => function switch
    {
        EltwiseFunction.Relu => (32, alpha, beta),
        EltwiseFunction.Logistic => (41, alpha, beta),
        EltwiseFunction.GeluTanh => (43, alpha, beta),
        EltwiseFunction.Swish => (44, alpha, beta),
        EltwiseFunction.Clip => (46, alpha, beta),
        EltwiseFunction.BoundedRelu => (46, 0, alpha),
        EltwiseFunction.HardSwish => (52, 1 / 6f, 1 / 2f),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    private sealed class Opaque(nint value) : NativeHandle(value)
    {
        protected override bool ReleaseHandle() => dnnl_memory_desc_destroy(handle) == 0;
    }
}
