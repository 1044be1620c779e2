using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class MemoryDescriptorTests
{
    [Fact]
    public void Row_major_order_takes_the_bytes_of_its_elements()
    {
        Assert.Equal(2 * 3 * 5 * 7 * 4, MemoryDescriptor.RowMajor(DataType.Float32, 2, 3, 5, 7).Size);
        Assert.Equal(2 * 3 * 2, MemoryDescriptor.RowMajor(DataType.BFloat16, 2, 3).Size);
        Assert.Equal(9, MemoryDescriptor.RowMajor(DataType.UInt8, 9).Size);
    }

    [Fact]
    public void An_open_order_takes_no_bytes_yet() => Assert.Equal(0, MemoryDescriptor.Any(DataType.Float32, 2, 3, 4, 5).Size);

    [Fact]
    public void Is_equal_when_dimensions_type_and_order_are()
    {
        var order = MemoryDescriptor.RowMajor(DataType.Float32, 2, 3);
        Assert.Equal(order, MemoryDescriptor.Strided(DataType.Float32, [2, 3], [3, 1]));
        Assert.Equal(order.GetHashCode(), MemoryDescriptor.Strided(DataType.Float32, [2, 3], [3, 1]).GetHashCode());
        Assert.NotEqual(order, MemoryDescriptor.Transposed(DataType.Float32, 2, 3));
        Assert.NotEqual(order, MemoryDescriptor.RowMajor(DataType.BFloat16, 2, 3));
        Assert.NotEqual(order, MemoryDescriptor.RowMajor(DataType.Float32, 3, 2));
        Assert.False(order.Equals(null));
    }

    [Fact]
    public void Says_type_and_dimensions() =>
        Assert.Equal("BFloat16[1, 16, 8, 8]", MemoryDescriptor.Any(DataType.BFloat16, 1, 16, 8, 8).ToString());

    [Fact]
    public void Wants_a_stride_for_each_dimension()
    {
        var message = Assert.Throws<ArgumentException>(() => MemoryDescriptor.Strided(DataType.Float32, [2, 3], [1])).Message;
        Assert.StartsWith("2 dimensions need as many strides; got 1.", message);
    }

    [Fact]
    public void A_part_must_lie_inside()
    {
        var whole = MemoryDescriptor.RowMajor(DataType.Float32, 4, 6);
        var message = Assert.Throws<OneDnnException>(() => whole.Part([4, 3], [0, 4])).Message;
        Assert.Contains("submemory failed: invalid arguments (Float32[4, 3] of Float32[4, 6])", message);
    }

    [Fact]
    public void A_part_has_the_rank_of_the_whole()
    {
        var whole = MemoryDescriptor.RowMajor(DataType.Float32, 4, 6);
        var message = Assert.Throws<ArgumentException>(() => whole.Part([4], [0, 0])).Message;
        Assert.StartsWith("A part of Float32[4, 6] needs 2 dimensions and offsets; got 1 and 2.", message);
        Assert.Throws<ArgumentException>(() => whole.Part([4, 1], [0]));
    }

    [Fact]
    public void Primitives_tell_the_order_they_chose()
    {
        using var bench = new Workbench();
        var shape = new ConvolutionCase(bench, DataType.Float32);
        var forward = shape.Forward(bench);
        foreach (var role in new[] { Argument.Source, Argument.Weights, Argument.Destination })
            Assert.True(forward[role].Size > 0, $"{role} has no order.");
        Assert.Equal(shape.Source.Dimensions, forward[Argument.Source].Dimensions);
        Assert.Equal(shape.WeightDimensions, forward[Argument.Weights].Dimensions);
        Assert.NotEmpty(forward.Implementation);
    }
}
