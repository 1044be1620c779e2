using System.Runtime.CompilerServices;

namespace Nern.OneDnn;

/// <summary>Zeroed, aligned unmanaged memory seen through a descriptor. Several memories may look at one buffer.</summary>
public sealed unsafe class Memory : IDisposable
{
    private readonly BufferHandle _buffer;
    private readonly MemoryHandle _handle;
    private readonly bool _ownsBuffer;
    private readonly nuint _offset;

    /// <summary>Allocates what <paramref name="descriptor"/> takes.</summary>
    public Memory(CpuEngine engine, MemoryDescriptor descriptor)
        : this(engine, descriptor, new BufferHandle((nuint)descriptor.Reach), ownsBuffer: true, 0)
    {
    }

    private Memory(CpuEngine engine, MemoryDescriptor descriptor, BufferHandle buffer, bool ownsBuffer, nuint offset)
    {
        Descriptor = descriptor;
        _buffer = buffer;
        _ownsBuffer = ownsBuffer;
        _offset = offset;
        Status.Check(
            Native.dnnl_memory_create(out var handle, descriptor.Pointer, engine.Engine, buffer.Value + (nint)offset),
            nameof(Native.dnnl_memory_create), descriptor.ToString());
        _handle = new MemoryHandle(handle);
    }

    /// <summary>What the memory holds.</summary>
    public MemoryDescriptor Descriptor { get; }

    internal MemoryHandle Handle => _handle;

    internal BufferHandle Buffer => _buffer;

    /// <summary>The same bytes through another descriptor; it must not reach past them.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="descriptor">The other descriptor.</param>
    /// <param name="byteOffset">Where in this memory it begins.</param>
    public Memory View(CpuEngine engine, MemoryDescriptor descriptor, long byteOffset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        if (byteOffset > Descriptor.Reach - descriptor.Reach)
            throw new ArgumentException(
                $"A view of {descriptor.Reach} bytes at {byteOffset} does not fit into {Descriptor}, which has {Descriptor.Reach} bytes.",
                nameof(descriptor));
        return new Memory(engine, descriptor, _buffer, ownsBuffer: false, _offset + (nuint)byteOffset);
    }

    /// <summary>The raw elements in storage order. <typeparamref name="T"/> must have the size of the element type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        if (sizeof(T) != Descriptor.Type.Size())
            ThrowElementSize<T>();
        return new Span<T>((void*)(_buffer.Value + (nint)_offset), checked((int)(Descriptor.Held / sizeof(T))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        if (_ownsBuffer)
            _buffer.Dispose();
    }

    private void ThrowElementSize<T>() => throw new InvalidOperationException($"{Descriptor} cannot be read as {typeof(T).Name}.");
}
