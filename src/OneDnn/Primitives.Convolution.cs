namespace Nern.OneDnn;

public static unsafe partial class Primitives
{
    private const int ConvolutionDirect = 1;

    /// <summary>
    /// Forward convolution. Source [N, C, H, W], weights [O, C, KH, KW] (grouped: [G, O/G, C/G, KH, KW]), bias [O] or none,
    /// destination [N, O, H', W'].
    /// </summary>
    public static Primitive ConvolutionForward(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        Window window, PostOperations? postOperations = null)
    {
        var sliding = new Sliding(window);
        return Create(
            engine, $"convolution {source} * {weights} to {destination}", nameof(Native.dnnl_dilated_convolution_forward_desc_init),
            operation => Native.dnnl_dilated_convolution_forward_desc_init(
                operation, ForwardTraining, ConvolutionDirect, source.Pointer, weights.Pointer, PointerOrNull(bias), destination.Pointer,
                sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            postOperations);
    }

    /// <summary>The gradient of a convolution with respect to its source.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="forward">The forward primitive, whose choices guide this one.</param>
    /// <param name="sourceGradient">Descriptor of the result.</param>
    /// <param name="weights">Descriptor of the weights.</param>
    /// <param name="destinationGradient">Descriptor of the incoming gradient.</param>
    /// <param name="window">The forward window.</param>
    public static Primitive ConvolutionBackwardData(
        CpuEngine engine, Primitive forward, MemoryDescriptor sourceGradient, MemoryDescriptor weights,
        MemoryDescriptor destinationGradient, Window window)
    {
        var sliding = new Sliding(window);
        return Create(
            engine, $"backward data of convolution {sourceGradient} * {weights} to {destinationGradient}",
            nameof(Native.dnnl_dilated_convolution_backward_data_desc_init),
            operation => Native.dnnl_dilated_convolution_backward_data_desc_init(
                operation, ConvolutionDirect, sourceGradient.Pointer, weights.Pointer, destinationGradient.Pointer,
                sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            forward: forward);
    }

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
        MemoryDescriptor destinationGradient, Window window)
    {
        var sliding = new Sliding(window);
        return Create(
            engine, $"backward weights of convolution {source} * {weightsGradient} to {destinationGradient}",
            nameof(Native.dnnl_dilated_convolution_backward_weights_desc_init),
            operation => Native.dnnl_dilated_convolution_backward_weights_desc_init(
                operation, ConvolutionDirect, source.Pointer, weightsGradient.Pointer, PointerOrNull(biasGradient),
                destinationGradient.Pointer, sliding.Strides, sliding.Dilations, sliding.Before, sliding.After),
            forward: forward);
    }

    /// <summary>A window (and a pooling kernel) as the C API takes it; pinned for the length of a creation call.</summary>
    private sealed class Sliding
    {
        private readonly long[] _values = GC.AllocateArray<long>(10, pinned: true);

        internal Sliding(Window window, int kernelY = 0, int kernelX = 0)
        {
            _values[0] = window.StrideY;
            _values[1] = window.StrideX;
            _values[2] = window.DilationY - 1;
            _values[3] = window.DilationX - 1;
            _values[4] = window.Top;
            _values[5] = window.Left;
            _values[6] = window.Bottom;
            _values[7] = window.Right;
            _values[8] = kernelY;
            _values[9] = kernelX;
        }

        internal long* Strides => At(0);

        internal long* Dilations => At(2);

        internal long* Before => At(4);

        internal long* After => At(6);

        internal long* Kernel => At(8);

        private long* At(int index) => (long*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _values[index]);
    }
}
