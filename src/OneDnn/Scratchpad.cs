namespace Nern.OneDnn;

/// <summary>
/// Working memory that the executions of one thread use in turn. The library's own belongs to the thread that created a
/// primitive: running or destroying the primitive on another thread crashes, and in .NET tasks and finalizers do just that.
/// </summary>
internal sealed class Scratchpad
{
    private BufferHandle? _buffer;

    /// <summary>The address of at least <paramref name="bytes"/> bytes, good until the next call on the same thread.</summary>
    internal nint Reserve(nuint bytes)
    {
        if (_buffer is null || _buffer.Bytes < bytes)
        {
            _buffer?.Dispose();
            _buffer = new BufferHandle(bytes);
        }
        return _buffer.Value;
    }
}
