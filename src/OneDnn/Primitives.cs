namespace Nern.OneDnn;

/// <summary>Makes primitives; how each version of the library wants that is in <see cref="Api"/>.</summary>
public static partial class Primitives
{
    /// <summary>Copies <paramref name="source"/> into the layout and type of <paramref name="destination"/>.</summary>
    public static Primitive Reorder(CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination) =>
        engine.MisplacesWeights && Detour(source, destination) is { } between
            ? DirectReorder(engine, between, destination, DirectReorder(engine, source, between))
            : DirectReorder(engine, source, destination);

    /// <summary>
    /// A layout on the way between blocks and a plain layout that oneDNN 3.7 does not get wrong: the places of a kernel outermost, and innermost what is
    /// innermost in the blocks. Null where neither side has blocks of two axes that are not full, kernels have one place, or there is no need.
    /// </summary>
    private static MemoryDescriptor? Detour(MemoryDescriptor source, MemoryDescriptor destination)
    {
        var blocked = new[] { source, destination }.FirstOrDefault(side => side.IsPadded && Api.Current.BlockedAxes(side).Length > 1);
        if (blocked is null)
            return null;
        int[] dimensions = [.. blocked.Dimensions];
        var innermost = Api.Current.BlockedAxes(blocked)[^1];
        // Matrices [a, b] or weights [groups, filters, channels, height, width] and the like.
        var places = Math.Max(0, dimensions.Length - 2) / 2 * 2;
        if (places > 0 && dimensions[^1] * dimensions[^2] == 1)
            return null;
        var channels = dimensions.Length - places - 1;
        int[] order =
        [
            innermost, innermost == channels ? channels - 1 : channels, .. Enumerable.Range(0, channels - 1),
            .. Enumerable.Range(channels + 1, places),
        ];
        var strides = new int[dimensions.Length];
        var stride = 1;
        foreach (var axis in order)
        {
            strides[axis] = stride;
            stride *= dimensions[axis];
        }
        var between = MemoryDescriptor.Strided(DataType.Float32, dimensions, strides);
        return between.Equals(source) || between.Equals(destination) ? null : between;
    }

    private static Primitive DirectReorder(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination, Primitive? before = null) =>
        Create(
            engine, $"reorder {source} to {destination}", (api, creation) =>
            {
                Status.Check(
                    Native.dnnl_reorder_primitive_desc_create(
                        out var descriptor, source.Pointer, creation.Engine, destination.Pointer, creation.Engine, creation.Attributes),
                    nameof(Native.dnnl_reorder_primitive_desc_create), creation.What);
                return descriptor;
            },
            before: before);

    /// <summary>
    /// Joins <paramref name="sources"/> along <paramref name="axis"/>; sources are <see cref="Argument.MultipleSource"/> + i.
    /// </summary>
    public static Primitive Concatenate(
        CpuEngine engine, int axis, IReadOnlyList<MemoryDescriptor> sources, MemoryDescriptor destination) =>
        Create(
            engine, $"concat of {string.Join(" and ", sources)} to {destination} along axis {axis}",
            (api, creation) => api.Concatenate(creation, axis, sources, destination));

    /// <summary>Destination = source x weights (+ bias), all matrices; a bias is a row vector [1, columns].</summary>
    public static Primitive MatMul(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor weights, MemoryDescriptor? bias, MemoryDescriptor destination,
        PostOperations? postOperations = null) =>
        Create(
            engine, $"matmul {source} x {weights} to {destination}",
            (api, creation) => api.MatMul(creation, source, weights, bias, destination), postOperations);

    /// <summary>Destination = source x source1, element by element; on an axis on which source1 has one place that one is taken.</summary>
    public static Primitive Product(
        CpuEngine engine, MemoryDescriptor source, MemoryDescriptor source1, MemoryDescriptor destination) =>
        Create(engine, $"product of {source} and {source1}", (api, creation) => api.Product(creation, source, source1, destination));

    /// <summary>Destination = the sums of source along each axis on which the destination has but one place.</summary>
    public static Primitive Sum(CpuEngine engine, MemoryDescriptor source, MemoryDescriptor destination) =>
        Create(engine, $"sum of {source} to {destination}", (api, creation) => api.Sum(creation, source, destination));

    private static Primitive Create(
        CpuEngine engine, string what, Func<Api, Api.Creation, nint> create, PostOperations? postOperations = null,
        Primitive? forward = null, Argument? unused = null, Primitive? before = null)
    {
        using var attributes = (postOperations ?? PostOperations.None).CreateAttributes();
        var descriptor = create(Api.Current, new(engine.Engine, attributes.Value, forward?.Descriptor ?? 0, what));
        // It holds the memory descriptors whose addresses it passed on.
        GC.KeepAlive(create);
        GC.KeepAlive(forward);
        return new Primitive(engine, descriptor, what, unused, before);
    }
}
