using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Tests.Engine;

public sealed class ReusedBuffersTests : IDisposable
{
    private static readonly MemoryDescriptor Order = MemoryDescriptor.RowMajor(DataType.Float32, 4, 5);
    private readonly CpuEngine _engine = new();
    private readonly Resources _owned = new();
    private readonly ReusedBuffers _buffers;

    public ReusedBuffersTests() => _buffers = new ReusedBuffers(_engine, _owned);

    [Fact]
    public void A_released_buffer_is_used_again_for_the_same_order_only()
    {
        var first = _buffers.Rent(Order);
        var second = _buffers.Rent(Order);
        _buffers.Release(first);
        var other = _buffers.Rent(MemoryDescriptor.Transposed(DataType.Float32, 4, 5));
        Assert.Same(first, _buffers.Rent(Order));
        Assert.Distinct([first, second, other], ReferenceEqualityComparer.Instance);
    }

    [Fact]
    public void A_buffer_with_several_uses_is_free_after_the_last()
    {
        var buffer = _buffers.Rent(Order);
        Assert.True(_buffers.IsExclusive(buffer));
        _buffers.Retain(buffer);
        Assert.False(_buffers.IsExclusive(buffer));
        _buffers.Release(buffer);
        Assert.True(_buffers.IsExclusive(buffer));
        Assert.NotSame(buffer, _buffers.Rent(Order));
        _buffers.Release(buffer);
        Assert.Same(buffer, _buffers.Rent(Order));
    }

    [Fact]
    public void Memories_from_elsewhere_are_left_alone()
    {
        using var memory = new Memory(_engine, Order);
        Assert.False(_buffers.IsExclusive(memory));
        _buffers.Release(memory);
        Assert.NotSame(memory, _buffers.Rent(Order));
    }

    public void Dispose()
    {
        _owned.Dispose();
        _engine.Dispose();
    }
}
