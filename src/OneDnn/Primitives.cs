namespace Nern.OneDnn;

/// <summary>
/// Makes primitives. All of oneDNN 2's two-step creation (operation descriptor, then primitive descriptor) is in the
/// files of this class: version 3 creates differently, and only these would change.
/// </summary>
public static unsafe partial class Primitives
{
    private const int ForwardTraining = 64;
    private const int ForwardInference = 96;
    private const int Backward = 128;

    private delegate int Initialize(byte* operation);

    /// <summary>Copies <paramref name="source"/> into the order and type of <paramref name="destination"/>.</summary>
    public static Primitive Reorder(CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination)
    {
        var what = $"reorder {source} to {destination}";
        using var attributes = PostOperations.None.CreateAttributes();
        Status.Check(
            Native.dnnl_reorder_primitive_desc_create(
                out var descriptor, source.Pointer, engine.Engine, destination.Pointer, engine.Engine, attributes.Value),
            nameof(Native.dnnl_reorder_primitive_desc_create), what);
        GC.KeepAlive(source);
        GC.KeepAlive(destination);
        return new Primitive(engine, descriptor, what);
    }

    /// <summary>Joins <paramref name="sources"/> along <paramref name="axis"/>; sources are <see cref="Argument.MultipleSource"/> + i.</summary>
    public static Primitive Concatenate(CpuEngine engine, int axis, IReadOnlyList<MemoryDescriptor> sources, MemoryDescriptor destination)
    {
        var what = $"concat of {string.Join(" and ", sources)} to {destination} along axis {axis}";
        var all = new byte[sources.Count * Native.MemoryDescriptorSize];
        for (var i = 0; i < sources.Count; i++)
            new ReadOnlySpan<byte>(sources[i].Pointer, Native.MemoryDescriptorSize).CopyTo(all.AsSpan(i * Native.MemoryDescriptorSize));
        using var attributes = PostOperations.None.CreateAttributes();
        nint descriptor;
        fixed (byte* sourcesPointer = all)
            Status.Check(
                Native.dnnl_concat_primitive_desc_create(
                    out descriptor, destination.Pointer, sources.Count, axis, sourcesPointer, attributes.Value, engine.Engine),
                nameof(Native.dnnl_concat_primitive_desc_create), what);
        GC.KeepAlive(destination);
        return new Primitive(engine, descriptor, what);
    }

    /// <summary>Destination = source x weights (+ bias), all matrices; a bias is a row vector [1, columns].</summary>
    public static Primitive MatMul(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        PostOperations? postOperations = null) =>
        Create(
            engine, $"matmul {source} x {weights} to {destination}", nameof(Native.dnnl_matmul_desc_init),
            operation => Native.dnnl_matmul_desc_init(operation, source.Pointer, weights.Pointer, PointerOrNull(bias), destination.Pointer),
            postOperations);

    /// <summary>Destination = source + source1, or the product.</summary>
    public static Primitive Binary(
        CpuEngine engine, BinaryOperation operation, MemoryDescriptor source, MemoryDescriptor source1, MemoryDescriptor destination) =>
        Create(
            engine, $"binary {operation} of {source} and {source1}", nameof(Native.dnnl_binary_desc_init),
            descriptor => Native.dnnl_binary_desc_init(descriptor, (int)operation, source.Pointer, source1.Pointer, destination.Pointer));

    /// <summary>Destination = the sums of source along each axis on which the destination has but one place.</summary>
    public static Primitive Sum(CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination) =>
        Create(
            engine, $"sum of {source} to {destination}", nameof(Native.dnnl_reduction_desc_init),
            operation => Native.dnnl_reduction_desc_init(operation, 196596, source.Pointer, destination.Pointer, 0, 0));

    /// <summary>Softmax, or its logarithm, along <paramref name="axis"/>.</summary>
    public static Primitive Softmax(CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination, int axis, bool logarithm = false) =>
        Create(
            engine, $"softmax of {source} along axis {axis}", nameof(Native.dnnl_softmax_v2_forward_desc_init),
            operation => Native.dnnl_softmax_v2_forward_desc_init(
                operation, ForwardInference, logarithm ? 196609 : 196608, source.Pointer, destination.Pointer, axis));

    private static byte* PointerOrNull(MemoryDescriptor? descriptor) => descriptor is null ? null : descriptor.Pointer;

    private static Primitive Create(
        CpuEngine engine, string what, string call, Initialize initialize, PostOperations? postOperations = null, Primitive? forward = null)
    {
        var operation = stackalloc byte[Native.OperationSize];
        Status.Check(initialize(operation), call, what);
        // It holds the descriptors whose addresses it passed on.
        GC.KeepAlive(initialize);
        using var attributes = (postOperations ?? PostOperations.None).CreateAttributes();
        Status.Check(
            Native.dnnl_primitive_desc_create(
                out var descriptor, operation, attributes.Value, engine.Engine, forward?.Descriptor ?? 0),
            nameof(Native.dnnl_primitive_desc_create), what);
        GC.KeepAlive(forward);
        return new Primitive(engine, descriptor, what);
    }
}

/// <summary>Element-wise operations of two operands (dnnl_binary_*).</summary>
public enum BinaryOperation
{
    /// <summary>Sum.</summary>
    Add = 131056,
    /// <summary>Product.</summary>
    Multiply = 131057,
}
