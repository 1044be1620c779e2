using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>
/// Buffers that are never alive together share memory, which so stays in the cache. Counting is done while a plan is
/// compiled, in the order its steps will run.
/// </summary>
internal sealed class ReusedBuffers(CpuEngine engine, Resources owned)
{
    private readonly List<Memory> _free = [];
    private readonly Dictionary<Memory, int> _uses = [];

    /// <summary>A buffer of the wanted descriptor, in use once.</summary>
    internal Memory Rent(MemoryDescriptor descriptor)
    {
        var index = _free.FindLastIndex(memory => memory.Descriptor.Equals(descriptor));
        Memory memory;
        if (index >= 0)
        {
            memory = _free[index];
            _free.RemoveAt(index);
        }
        else
        {
            memory = owned.Own(new Memory(engine, descriptor));
        }
        _uses[memory] = 1;
        return memory;
    }

    /// <summary>Whether only one use is left, so that the buffer may be overwritten by its reader.</summary>
    internal bool IsExclusive(Memory memory) => _uses.TryGetValue(memory, out var uses) && uses == 1;

    /// <summary>One more use.</summary>
    internal void Retain(Memory memory) => _uses[memory]++;

    /// <summary>One use less; after the last the buffer is free again.</summary>
    internal void Release(Memory memory)
    {
        if (!_uses.TryGetValue(memory, out var uses))
            return;
        if (uses > 1)
        {
            _uses[memory] = uses - 1;
            return;
        }
        _uses.Remove(memory);
        _free.Add(memory);
    }
}
