using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>A native object that is destroyed by one C call.</summary>
internal abstract class NativeHandle : SafeHandle
{
    private protected NativeHandle(nint value) : base(0, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == 0;

    internal nint Value => IsClosed ? throw new ObjectDisposedException(GetType().Name) : handle;
}

internal sealed class EngineHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_engine_destroy(handle) == 0;
}

internal sealed class StreamHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_stream_destroy(handle) == 0;
}

internal sealed class MemoryHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_memory_destroy(handle) == 0;
}

internal sealed class PrimitiveDescriptorHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_primitive_desc_destroy(handle) == 0;
}

internal sealed class PrimitiveHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_primitive_destroy(handle) == 0;
}

internal sealed class AttributesHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_primitive_attr_destroy(handle) == 0;
}

internal sealed class PostOpsHandle(nint value) : NativeHandle(value)
{
    protected override bool ReleaseHandle() => Native.dnnl_post_ops_destroy(handle) == 0;
}

/// <summary>Unmanaged bytes on a 64-byte boundary, zeroed.</summary>
internal sealed unsafe class BufferHandle : NativeHandle
{
    internal BufferHandle(nuint bytes) : base((nint)NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64))
    {
        NativeMemory.Clear((void*)handle, Math.Max(bytes, 64));
        Bytes = bytes;
    }

    internal nuint Bytes { get; }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
