using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>A primitive tied to its memories. <see cref="Run"/> allocates nothing and returns when the work is done.</summary>
public sealed unsafe class Execution : IDisposable
{
    private readonly Primitive _primitive;
    private readonly Memory[] _memories;
    private readonly Native.ExecutionArgument* _arguments;
    private bool _disposed;

    internal Execution(Primitive primitive, ReadOnlySpan<(Argument Role, Memory Memory)> arguments)
    {
        _primitive = primitive;
        _memories = new Memory[arguments.Length];
        _arguments = (Native.ExecutionArgument*)NativeMemory.Alloc((nuint)arguments.Length, (nuint)sizeof(Native.ExecutionArgument));
        var retained = false;
        primitive.Handle.DangerousAddRef(ref retained);
        for (var i = 0; i < arguments.Length; i++)
        {
            var (role, memory) = arguments[i];
            bool handle = false, buffer = false;
            memory.Retain(ref handle, ref buffer);
            _memories[i] = memory;
            _arguments[i] = new() { Role = (int)role, Memory = memory.Handle };
        }
    }

    /// <summary>Frees the arguments of an execution that was never disposed.</summary>
    ~Execution() => Release();

    /// <summary>Runs the primitive once.</summary>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var status = Native.dnnl_primitive_execute(_primitive.Handle.Value, _primitive.Engine.Stream, _memories.Length, _arguments);
        if (status != 0)
            Status.Check(status, nameof(Native.dnnl_primitive_execute), _primitive.ToString());
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>The primitive, for reports.</summary>
    public override string ToString() => _primitive.ToString();

    private void Release()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.Free(_arguments);
        foreach (var memory in _memories)
            memory.Release();
        _primitive.Handle.DangerousRelease();
    }
}
