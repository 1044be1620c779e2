namespace Nern.OneDnn;

/// <summary>
/// What a block of memory holds: dimensions, element type, and the layout of the elements (oneDNN's memory descriptor).
/// A descriptor made by <see cref="Any"/> leaves the layout to the primitive, which then tells what it chose.
/// </summary>
public sealed unsafe class MemoryDescriptor : IEquatable<MemoryDescriptor>
{
    private readonly NativeHandle _handle;
    private readonly MemoryDescriptor? _whole;
    private long? _held;

    private MemoryDescriptor(NativeHandle handle, DataType type, ReadOnlySpan<int> dimensions, MemoryDescriptor? whole = null)
    {
        _handle = handle;
        _whole = whole;
        Type = type;
        Dimensions = [.. dimensions];
    }

    /// <summary>The element type.</summary>
    public DataType Type { get; }

    /// <summary>The logical dimensions, outermost first (activations N, C, H, W; weights O, I, H, W).</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Bytes the memory takes, padding of blocked layouts included; 0 while the layout is open.</summary>
    public long Size
    {
        get
        {
            var size = (long)Native.dnnl_memory_desc_get_size(Pointer);
            GC.KeepAlive(this);
            return size;
        }
    }

    /// <summary>
    /// Bytes from the beginning of a memory that this may touch. Of a part (whose own size the library gives as 0 unless it begins
    /// where the whole does) all that the whole takes.
    /// </summary>
    internal long Reach => _whole?.Reach ?? Held;

    /// <summary>Bytes up to the last element: the library counts what may lie between it and the next row, or channel, along.</summary>
    internal long Held => _held ?? Size;

    /// <summary>Whether it takes more than its elements need, as blocks that are not full do.</summary>
    internal bool IsPadded => Reach > Dimensions.Aggregate((long)Type.Size(), (size, dimension) => size * dimension);

    /// <summary>The library's descriptor; whoever hands this on must hold the descriptor for as long.</summary>
    internal nint Pointer => _handle.Value;

    /// <summary>A descriptor whose layout the primitive chooses.</summary>
    public static MemoryDescriptor Any(DataType type, params ReadOnlySpan<int> dimensions)
    {
        var sizes = stackalloc long[dimensions.Length];
        Widen(dimensions, sizes);
        return new MemoryDescriptor(Api.Current.AnyOrder(dimensions.Length, sizes, type, Describe(type, dimensions)), type, dimensions);
    }

    /// <summary>Row-major layout, as NCHW, OIHW and plain matrices have it.</summary>
    public static MemoryDescriptor RowMajor(DataType type, params ReadOnlySpan<int> dimensions)
    {
        Span<int> strides = stackalloc int[dimensions.Length];
        var stride = 1;
        for (var i = dimensions.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride = checked(stride * Math.Max(1, dimensions[i]));
        }
        return Strided(type, dimensions, strides);
    }

    /// <summary>A transposed matrix: logically [<paramref name="rows"/>, <paramref name="columns"/>], stored column after column.</summary>
    public static MemoryDescriptor Transposed(DataType type, int rows, int columns) => Strided(type, [rows, columns], [1, rows]);

    /// <summary>Any layout that strides, in elements, can say.</summary>
    public static MemoryDescriptor Strided(DataType type, ReadOnlySpan<int> dimensions, ReadOnlySpan<int> strides)
    {
        if (strides.Length != dimensions.Length)
            throw new ArgumentException($"{dimensions.Length} dimensions need as many strides; got {strides.Length}.", nameof(strides));
        var sizes = stackalloc long[dimensions.Length];
        var steps = stackalloc long[dimensions.Length];
        Widen(dimensions, sizes);
        Widen(strides, steps);
        var handle = Api.Current.Strided(dimensions.Length, sizes, type, steps, Describe(type, dimensions));
        var count = dimensions.Contains(0) ? 0L : 1;
        for (var i = 0; i < dimensions.Length && count > 0; i++)
            count += (dimensions[i] - 1L) * strides[i];
        return new MemoryDescriptor(handle, type, dimensions) { _held = count * type.Size() };
    }

    /// <summary>
    /// A part of this memory, in the same layout: <paramref name="dimensions"/> elements from <paramref name="offsets"/> on.
    /// </summary>
    public MemoryDescriptor Part(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> offsets)
    {
        if (dimensions.Length != Dimensions.Count || offsets.Length != Dimensions.Count)
            throw new ArgumentException(
                $"A part of {this} needs {Dimensions.Count} dimensions and offsets; got {dimensions.Length} and {offsets.Length}.",
                nameof(dimensions));
        var sizes = stackalloc long[dimensions.Length];
        var starts = stackalloc long[dimensions.Length];
        Widen(dimensions, sizes);
        Widen(offsets, starts);
        return new MemoryDescriptor(
            Api.Current.Part(this, sizes, starts, $"{Describe(Type, dimensions)} of {this}"), Type, dimensions, whole: this);
    }

    /// <summary>Same dimensions, type and layout.</summary>
    public bool Equals(MemoryDescriptor? other)
    {
        if (other is null)
            return false;
        var equal = Native.dnnl_memory_desc_equal(Pointer, other.Pointer) != 0;
        GC.KeepAlive(this);
        GC.KeepAlive(other);
        return equal;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MemoryDescriptor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Dimensions.Count, Dimensions.Count > 0 ? Dimensions[0] : 0, Size);

    /// <summary>Type and dimensions, for messages.</summary>
    public override string ToString() => Describe(Type, [.. Dimensions]);

    /// <summary>A copy of the library's descriptor <paramref name="source"/>, or null where that is empty.</summary>
    internal static MemoryDescriptor? Copy(nint source)
    {
        var handle = Api.Current.Copy(source, out var rank, out var sizes, out var type);
        Span<int> dimensions = stackalloc int[rank];
        for (var i = 0; i < rank; i++)
            dimensions[i] = (int)sizes[i];
        GC.KeepAlive(handle);
        return rank == 0 ? null : new MemoryDescriptor(handle, type, dimensions);
    }

    private static string Describe(DataType type, ReadOnlySpan<int> dimensions) => $"{type}[{string.Join(", ", dimensions.ToArray())}]";

    private static void Widen(ReadOnlySpan<int> values, long* into)
    {
        for (var i = 0; i < values.Length; i++)
            into[i] = values[i];
    }
}
