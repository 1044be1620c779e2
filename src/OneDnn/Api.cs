namespace Nern.OneDnn;

/// <summary>
/// What the C API says in another way in each major version: memory descriptors, post-ops, primitive descriptors, and some numbers.
/// Nothing outside its two descendants knows of versions.
/// </summary>
internal abstract unsafe class Api
{
    /// <summary>Propagation kinds, an algorithm and a format tag that have the same number in all versions.</summary>
    protected const int ForwardTraining = 64, Backward = 128, ConvolutionDirect = 1, AnyTag = 1, BinaryMultiply = 0x1fff1,
        ReductionSum = 0x2fff4;

    private const uint OpenMpRuntime = 2;
    private static readonly Lazy<Api> Loaded = new(() => For(*Native.dnnl_version()));

    /// <summary>That of the library on this machine.</summary>
    /// <exception cref="OneDnnException">The library is missing, or is none that can be used.</exception>
    internal static Api Current => Loaded.Value;

    /// <summary>That of a library of version <paramref name="found"/>.</summary>
    /// <exception cref="OneDnnException">It is too old, too new, or built without OpenMP.</exception>
    internal static Api For(Native.VersionRecord found)
    {
        if (found.CpuRuntime != OpenMpRuntime)
            throw new OneDnnException(
                $"oneDNN built for OpenMP is needed; the library found is built for {Runtime(found.CpuRuntime)}"
                + " (NERN_ONEDNN may name the file of another).");
        return (found.Major, found.Minor) switch
        {
            (2, >= 5) => new ApiVersion2(),
            (3, _) => new ApiVersion3(),
            _ => throw new OneDnnException(
                $"oneDNN 2.5 to 3.x is needed; the library found is version {found.Major}.{found.Minor}.{found.Patch}"
                + " (NERN_ONEDNN may name the file of another)."),
        };
    }

    /// <summary>The number of a role in an execution.</summary>
    internal abstract int Role(Argument argument);

    /// <summary>
    /// What a backward batch normalisation must not be handed. Its results do not depend on the shift; version 2 insists on it.
    /// </summary>
    internal abstract Argument? UnusedByBatchNormalizationBackward { get; }

    // Memory descriptors. Dimensions, strides and offsets are as many as the rank; what is returned frees itself.

    internal abstract NativeHandle AnyOrder(int rank, long* dimensions, DataType type, string what);

    internal abstract NativeHandle Strided(int rank, long* dimensions, DataType type, long* strides, string what);

    internal abstract NativeHandle Part(MemoryDescriptor whole, long* dimensions, long* offsets, string what);

    /// <summary>A copy of a descriptor that belongs to something else, with its rank, dimensions (inside of the copy) and type.</summary>
    internal abstract NativeHandle Copy(nint descriptor, out int rank, out long* dimensions, out DataType type);

    /// <summary>The axes of the blocks, one in another, that a layout has, the innermost last; none where the version does not tell.</summary>
    internal virtual int[] BlockedAxes(MemoryDescriptor descriptor) => [];

    // Post-ops, appended to a chain.

    internal abstract void AppendSum(nint postOps);

    internal abstract void AppendEltwise(nint postOps, EltwiseFunction function, float alpha, float beta);

    // Primitive descriptors.

    internal abstract nint Concatenate(Creation creation, int axis, IReadOnlyList<MemoryDescriptor> sources, MemoryDescriptor destination);

    internal abstract nint MatMul(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination);

    internal abstract nint Product(Creation creation, MemoryDescriptor source, MemoryDescriptor source1, MemoryDescriptor destination);

    internal abstract nint Sum(Creation creation, MemoryDescriptor source, MemoryDescriptor destination);

    internal abstract nint ConvolutionForward(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        Sliding sliding);

    internal abstract nint ConvolutionBackwardData(
        Creation creation, MemoryDescriptor sourceGradient, MemoryDescriptor weights, MemoryDescriptor destinationGradient,
        Sliding sliding);

    internal abstract nint ConvolutionBackwardWeights(
        Creation creation, MemoryDescriptor source, MemoryDescriptor weightsGradient, MemoryDescriptor? biasGradient,
        MemoryDescriptor destinationGradient, Sliding sliding);

    internal abstract nint PoolingForward(
        Creation creation, PoolingKind kind, MemoryDescriptor source, MemoryDescriptor destination, Sliding sliding);

    internal abstract nint PoolingBackward(
        Creation creation, PoolingKind kind, MemoryDescriptor sourceGradient, MemoryDescriptor destinationGradient, Sliding sliding);

    internal abstract nint BatchNormalizationForward(
        Creation creation, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu);

    internal abstract nint BatchNormalizationBackward(
        Creation creation, MemoryDescriptor gradient, MemoryDescriptor data, float epsilon, bool globalStatistics, bool relu);

    internal abstract nint EltwiseForward(Creation creation, EltwiseFunction function, MemoryDescriptor data, float alpha, float beta);

    internal abstract nint EltwiseBackward(
        Creation creation, EltwiseFunction function, MemoryDescriptor gradient, MemoryDescriptor data, float alpha, float beta);

    protected static nint PointerOrNull(MemoryDescriptor? descriptor) => descriptor?.Pointer ?? 0;

    private static string Runtime(uint runtime) => runtime switch
    {
        1 => "one thread",
        4 => "TBB",
        8 => "a thread pool of its user's",
        512 => "SYCL",
        _ => $"a runtime of number {runtime}",
    };

    /// <summary>What every primitive descriptor is made of besides its own arguments.</summary>
    /// <param name="Engine">The engine.</param>
    /// <param name="Attributes">Post-ops and who owns the working memory.</param>
    /// <param name="Forward">Of a backward primitive the forward one's descriptor, whose choices guide it; or 0.</param>
    /// <param name="What">What it is, for messages.</param>
    internal readonly record struct Creation(nint Engine, nint Attributes, nint Forward, string What);
}
