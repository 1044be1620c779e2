using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>
/// A primitive tied to its memories. <see cref="Run"/> allocates nothing and returns when the work is done. It may run on any
/// thread, though not on two at once.
/// </summary>
public sealed unsafe class Execution : IDisposable
{
    private const int ScratchpadRole = 80;
    private readonly Primitive _primitive;
    private readonly Execution? _before;
    private readonly List<SafeHandle> _retained = [];
    private readonly int _count;
    private readonly nuint _scratchpadBytes;
    private readonly MemoryHandle? _scratchpad;
    private nint _scratchpadAddress;
    private Native.ExecutionArgument* _arguments;
    private bool _disposed;

    /// <param name="primitive">The primitive.</param>
    /// <param name="arguments">Its memories.</param>
    /// <param name="before">What runs first each time; this owns it from now on.</param>
    internal Execution(Primitive primitive, ReadOnlySpan<(Argument Role, Memory Memory)> arguments, Execution? before = null)
    {
        _primitive = primitive;
        _before = before;
        _arguments = (Native.ExecutionArgument*)NativeMemory.Alloc((nuint)arguments.Length + 1, (nuint)sizeof(Native.ExecutionArgument));
        Retain(primitive.Handle);
        foreach (var (role, memory) in arguments)
        {
            if (role == primitive.Unused)
                continue;
            Retain(memory.Handle);
            Retain(memory.Buffer);
            _arguments[_count++] = new() { Role = Api.Current.Role(role), Memory = memory.Handle.Value };
        }
        if (primitive.Scratchpad is not { Size: > 0 } scratchpad)
            return;
        _scratchpadBytes = (nuint)scratchpad.Size;
        _scratchpadAddress = primitive.Engine.Scratchpad.Reserve(_scratchpadBytes);
        Status.Check(
            Native.dnnl_memory_create(out var handle, scratchpad.Pointer, primitive.Engine.Engine, _scratchpadAddress),
            nameof(Native.dnnl_memory_create), $"scratchpad of {primitive}");
        _scratchpad = new MemoryHandle(handle);
        _arguments[_count++] = new() { Role = ScratchpadRole, Memory = handle };
    }

    /// <summary>Frees the arguments of an execution that was never disposed.</summary>
    ~Execution() => Release();

    /// <summary>Runs the primitive once.</summary>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _before?.Run();
        if (_scratchpad is not null)
            PlaceScratchpad(_scratchpad);
        var status = Native.dnnl_primitive_execute(_primitive.Handle.Value, _primitive.Engine.Stream, _count, _arguments);
        if (status != 0)
            Status.Check(status, nameof(Native.dnnl_primitive_execute), _primitive.ToString());
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _before?.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>The primitive, for reports.</summary>
    public override string ToString() => _primitive.ToString();

    private void PlaceScratchpad(MemoryHandle scratchpad)
    {
        var address = _primitive.Engine.Scratchpad.Reserve(_scratchpadBytes);
        if (address == _scratchpadAddress)
            return;
        Status.Check(Native.dnnl_memory_set_data_handle(scratchpad.Value, address), nameof(Native.dnnl_memory_set_data_handle));
        _scratchpadAddress = address;
    }

    /// <summary>Keeps what <paramref name="handle"/> stands for, even if its owner is disposed.</summary>
    private void Retain(SafeHandle handle)
    {
        var retained = false;
        handle.DangerousAddRef(ref retained);
        _retained.Add(handle);
    }

    // Also runs, from the finalizer, for an execution whose constructor threw halfway.
    private void Release()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.Free(_arguments);
        _arguments = null;
        _scratchpad?.Dispose();
        foreach (var handle in _retained)
            handle.DangerousRelease();
    }
}
