using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class MemoryTests
{
    [Fact]
    public void Begins_with_zeros_on_a_cache_line()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 3, 333));
        Assert.Equal(999, memory.AsSpan<float>().Length);
        Assert.All(memory.AsSpan<float>().ToArray(), value => Assert.Equal(0, value));
        unsafe
        {
            fixed (float* first = memory.AsSpan<float>())
                Assert.Equal(0, (nint)first % 64);
        }
    }

    [Fact]
    public void A_view_shares_the_bytes()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 4, 6));
        var view = bench.Own(memory.View(bench.Engine, MemoryDescriptor.RowMajor(DataType.Float32, 2, 3), byteOffset: 24));
        view.AsSpan<float>()[5] = 7;
        Assert.Equal(7, memory.AsSpan<float>()[6 + 5]);
        var inner = bench.Own(view.View(bench.Engine, MemoryDescriptor.RowMajor(DataType.Float32, 1), byteOffset: 20));
        Assert.Equal(7, inner.AsSpan<float>()[0]);
    }

    [Theory]
    [InlineData(0, 25)]
    [InlineData(4, 24)]
    [InlineData(96, 1)]
    [InlineData(long.MaxValue, 1)]
    public void A_view_must_not_reach_past_the_end(long offset, int elements)
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 4, 6));
        var descriptor = MemoryDescriptor.RowMajor(DataType.Float32, elements);
        var message = Assert.Throws<ArgumentException>(() => memory.View(bench.Engine, descriptor, offset)).Message;
        Assert.StartsWith(
            $"A view of {elements * 4} bytes at {offset} does not fit into Float32[4, 6], which has 96 bytes.", message);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.View(bench.Engine, descriptor, -4));
    }

    [Fact]
    public void A_view_of_a_view_is_bounded_by_it()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 10));
        var view = bench.Own(memory.View(bench.Engine, MemoryDescriptor.RowMajor(DataType.Float32, 4)));
        Assert.Throws<ArgumentException>(() => view.View(bench.Engine, MemoryDescriptor.RowMajor(DataType.Float32, 5)));
    }

    [Fact]
    public void A_view_of_a_part_needs_room_for_the_whole()
    {
        using var bench = new Workbench();
        var part = MemoryDescriptor.RowMajor(DataType.Float32, 4, 6).Part([1, 6], [3, 0]);
        var smaller = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 3, 6));
        Assert.Throws<ArgumentException>(() => smaller.View(bench.Engine, part));
        var large = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 4, 6));
        large.AsSpan<float>()[18] = 5;
        Assert.Equal([5, 0, 0, 0, 0, 0], bench.Get(bench.Own(large.View(bench.Engine, part))));
    }

    [Fact]
    public void A_view_with_gaps_needs_room_up_to_its_last_element()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 4, 6));
        // Rows 1 and 3, columns 2 and 5.
        var part = MemoryDescriptor.Strided(DataType.Float32, [2, 2], [12, 3]);
        memory.AsSpan<float>()[23] = 5;
        Assert.Equal([0, 0, 0, 5], bench.Get(bench.Own(memory.View(bench.Engine, part, byteOffset: 8 * 4))));
        Assert.Equal(16, bench.Own(memory.View(bench.Engine, part, byteOffset: 8 * 4)).AsSpan<float>().Length);
        Assert.Throws<ArgumentException>(() => memory.View(bench.Engine, part, byteOffset: 9 * 4));
    }

    [Fact]
    public void Is_read_only_as_elements_of_its_own_size()
    {
        using var bench = new Workbench();
        var single = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 6));
        var half = bench.Empty(MemoryDescriptor.RowMajor(DataType.BFloat16, 6));
        var bytes = bench.Empty(MemoryDescriptor.RowMajor(DataType.UInt8, 6));
        Assert.Equal(6, single.AsSpan<int>().Length);
        Assert.Equal(6, half.AsSpan<ushort>().Length);
        Assert.Equal(6, bytes.AsSpan<byte>().Length);
        var message = Assert.Throws<InvalidOperationException>(() => single.AsSpan<double>()).Message;
        Assert.Equal("Float32[6] cannot be read as Double.", message);
        Assert.Throws<InvalidOperationException>(() => half.AsSpan<float>());
        Assert.Throws<InvalidOperationException>(() => bytes.AsSpan<ushort>());
    }

    [Fact]
    public void Is_refused_once_disposed()
    {
        using var engine = new CpuEngine();
        var memory = new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, 6));
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.AsSpan<float>());
        memory.Dispose();
    }

    [Fact]
    public void Disposing_a_view_leaves_the_memory_alone()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 6));
        memory.View(bench.Engine, memory.Descriptor).Dispose();
        memory.AsSpan<float>()[5] = 1;
        Assert.Equal(1, bench.Get(memory)[5]);
    }
}
