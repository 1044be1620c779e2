using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>
/// oneDNN 2, from 2.5 on. Memory descriptors are structs, which the library's <c>*_desc_init</c> functions fill; a primitive descriptor
/// is made of an operation descriptor that was filled so before.
/// </summary>
internal sealed unsafe partial class ApiVersion2 : Api
{
    /// <summary>Bytes of dnnl_memory_desc_t.</summary>
    private const int MemoryDescriptorSize = 696;

    /// <summary>Room for any dnnl_*_desc_t used here; the largest, dnnl_convolution_desc_t, takes 5976 bytes.</summary>
    private const int OperationSize = 8192;

    internal override int Role(Argument argument) => argument == Argument.PostOpSource ? 16384 | 2 : (int)argument;

    internal override Argument? UnusedByBatchNormalizationBackward => null;

    internal override NativeHandle AnyOrder(int rank, long* dimensions, DataType type, string what)
    {
        var descriptor = new Struct();
        Status.Check(
            dnnl_memory_desc_init_by_tag(descriptor.Value, rank, dimensions, (int)type, AnyTag),
            nameof(dnnl_memory_desc_init_by_tag), what);
        return descriptor;
    }

    internal override NativeHandle Strided(int rank, long* dimensions, DataType type, long* strides, string what)
    {
        var descriptor = new Struct();
        Status.Check(
            dnnl_memory_desc_init_by_strides(descriptor.Value, rank, dimensions, (int)type, strides),
            nameof(dnnl_memory_desc_init_by_strides), what);
        return descriptor;
    }

    internal override NativeHandle Part(MemoryDescriptor whole, long* dimensions, long* offsets, string what)
    {
        var descriptor = new Struct();
        Status.Check(
            dnnl_memory_desc_init_submemory(descriptor.Value, whole.Pointer, dimensions, offsets),
            nameof(dnnl_memory_desc_init_submemory), what);
        return descriptor;
    }

    internal override NativeHandle Copy(nint descriptor, out int rank, out long* dimensions, out DataType type)
    {
        var copy = new Struct();
        Buffer.MemoryCopy((void*)descriptor, (void*)copy.Value, MemoryDescriptorSize, MemoryDescriptorSize);
        // dnnl_memory_desc_t begins: int ndims; int64 dims[12]; int data_type.
        rank = *(int*)copy.Value;
        dimensions = (long*)(copy.Value + 8);
        type = (DataType)(*(int*)(copy.Value + 8 + (12 * 8)));
        return copy;
    }

    internal override void AppendSum(nint postOps) => Status.Check(dnnl_post_ops_append_sum(postOps, 1f), nameof(dnnl_post_ops_append_sum));

    internal override void AppendEltwise(nint postOps, EltwiseFunction function, float alpha, float beta) => Status.Check(
        dnnl_post_ops_append_eltwise(postOps, 1f, Number(function), alpha, beta),
        nameof(dnnl_post_ops_append_eltwise), function.ToString());

    internal override nint Concatenate(
        Creation creation, int axis, IReadOnlyList<MemoryDescriptor> sources, MemoryDescriptor destination)
    {
        var all = new byte[sources.Count * MemoryDescriptorSize];
        for (var i = 0; i < sources.Count; i++)
            new ReadOnlySpan<byte>((void*)sources[i].Pointer, MemoryDescriptorSize).CopyTo(all.AsSpan(i * MemoryDescriptorSize));
        fixed (byte* sourcesPointer = all)
        {
            Status.Check(
                dnnl_concat_primitive_desc_create(
                    out var descriptor, destination.Pointer, sources.Count, axis, sourcesPointer, creation.Attributes, creation.Engine),
                nameof(dnnl_concat_primitive_desc_create), creation.What);
            return descriptor;
        }
    }

    internal override nint MatMul(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_matmul_desc_init(operation, source.Pointer, weights.Pointer, PointerOrNull(bias), destination.Pointer),
            nameof(dnnl_matmul_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint ConvolutionForward(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        Sliding sliding)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_dilated_convolution_forward_desc_init(
                operation, ForwardTraining, ConvolutionDirect, source.Pointer, weights.Pointer, PointerOrNull(bias), destination.Pointer,
                sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            nameof(dnnl_dilated_convolution_forward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint ConvolutionBackwardData(
        Creation creation, MemoryDescriptor sourceGradient, MemoryDescriptor weights, MemoryDescriptor destinationGradient,
        Sliding sliding)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_dilated_convolution_backward_data_desc_init(
                operation, ConvolutionDirect, sourceGradient.Pointer, weights.Pointer, destinationGradient.Pointer,
                sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            nameof(dnnl_dilated_convolution_backward_data_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint ConvolutionBackwardWeights(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weightsGradient, MemoryDescriptor? biasGradient,
        MemoryDescriptor destinationGradient, Sliding sliding)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_dilated_convolution_backward_weights_desc_init(
                operation, ConvolutionDirect, source.Pointer, weightsGradient.Pointer, PointerOrNull(biasGradient),
                destinationGradient.Pointer, sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            nameof(dnnl_dilated_convolution_backward_weights_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint Product(Creation creation, MemoryDescriptor source, MemoryDescriptor source1, MemoryDescriptor destination)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_binary_desc_init(operation, BinaryMultiply, source.Pointer, source1.Pointer, destination.Pointer),
            nameof(dnnl_binary_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint Sum(Creation creation, MemoryDescriptor source, MemoryDescriptor destination)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_reduction_desc_init(operation, ReductionSum, source.Pointer, destination.Pointer, 0, 0),
            nameof(dnnl_reduction_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint PoolingForward(
        Creation creation, PoolingKind kind, MemoryDescriptor source, MemoryDescriptor destination, Sliding sliding)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_pooling_v2_forward_desc_init(
                operation, ForwardTraining, (int)kind, source.Pointer, destination.Pointer,
                sliding.Strides, sliding.Kernel, sliding.Dilations, sliding.Before, sliding.After),
            nameof(dnnl_pooling_v2_forward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint PoolingBackward(
        Creation creation, PoolingKind kind, MemoryDescriptor sourceGradient, MemoryDescriptor destinationGradient, Sliding sliding)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_pooling_v2_backward_desc_init(
                operation, (int)kind, sourceGradient.Pointer, destinationGradient.Pointer,
                sliding.Strides, sliding.Kernel, sliding.Dilations, sliding.Before, sliding.After),
            nameof(dnnl_pooling_v2_backward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint BatchNormalizationForward(
        Creation creation, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_batch_normalization_forward_desc_init(operation, ForwardTraining, data.Pointer, epsilon, Flags(globalStatistics, relu)),
            nameof(dnnl_batch_normalization_forward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint BatchNormalizationBackward(
        Creation creation, MemoryDescriptor gradient, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_batch_normalization_backward_desc_init(
                operation, Backward, gradient.Pointer, data.Pointer, epsilon, Flags(globalStatistics, relu)),
            nameof(dnnl_batch_normalization_backward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint EltwiseForward(Creation creation, EltwiseFunction function, MemoryDescriptor data, float alpha, float beta)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_eltwise_forward_desc_init(operation, ForwardTraining, Number(function), data.Pointer, alpha, beta),
            nameof(dnnl_eltwise_forward_desc_init), creation.What);
        return Create(creation, operation);
    }

    internal override nint EltwiseBackward(
        Creation creation, EltwiseFunction function, MemoryDescriptor gradient, MemoryDescriptor data, float alpha, float beta)
    {
        var operation = stackalloc byte[OperationSize];
        Status.Check(
            dnnl_eltwise_backward_desc_init(operation, Number(function), gradient.Pointer, data.Pointer, alpha, beta),
            nameof(dnnl_eltwise_backward_desc_init), creation.What);
        return Create(creation, operation);
    }

    private static nint Create(Creation creation, byte* operation)
    {
        Status.Check(
            dnnl_primitive_desc_create(out var descriptor, operation, creation.Attributes, creation.Engine, creation.Forward),
            nameof(dnnl_primitive_desc_create), creation.What);
        return descriptor;
    }

    // Always with a scale (8) and a shift (16).
    private static uint Flags(bool globalStatistics, bool relu) => 8 | 16 | (globalStatistics ? 1u : 0) | (relu ? 4u : 0);

    private static int Number(EltwiseFunction function) => function switch
    {
        EltwiseFunction.Relu => 31,
        EltwiseFunction.HardSwish => 112,
        EltwiseFunction.BoundedRelu => 143,
        EltwiseFunction.Logistic => 175,
        EltwiseFunction.GeluTanh => 207,
        EltwiseFunction.Swish => 223,
        EltwiseFunction.Clip => 255,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    private sealed class Struct() : NativeHandle((nint)NativeMemory.AllocZeroed(MemoryDescriptorSize))
    {
        protected override bool ReleaseHandle()
        {
            NativeMemory.Free((void*)handle);
            return true;
        }
    }
}
