using System.Buffers.Binary;
using Nern.Tensors;

namespace Nern.Tests.Tensors;

public sealed class TensorTests
{
    private static readonly ElementType[] Floats = [ElementType.Float64, ElementType.Float32, ElementType.Float16, ElementType.BFloat16];

    [Fact]
    public void A_tensor_of_the_type_asked_for_is_the_same()
    {
        var tensor = Tensor.From([2], [1, 2]);

        Assert.Same(tensor, tensor.As(ElementType.Float32));
    }

    [Fact]
    public void Numbers_that_a_type_holds_survive_the_way_through_it()
    {
        float[] values = [0, -0f, 1, -1.5f, 0.25f, 96, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (var type in Floats)
        {
            var tensor = Tensor.From([3, 3], values).As(type);

            Assert.Equal((type, Tensor.SizeOf(type) * 9), (tensor.Type, tensor.Data.Length));
            Assert.Equal([3, 3], tensor.Shape);
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits).SkipLast(1), tensor.ToFloats()
                .Select(BitConverter.SingleToInt32Bits).SkipLast(1));
            Assert.True(float.IsNaN(tensor.ToFloats()[8]));
        }
    }

    [Theory]
    // 8 bits of mantissa: to the nearest, and of two as near to the even one.
    [InlineData(0x3F808000u, 0x3F80)]
    [InlineData(0x3F818000u, 0x3F82)]
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x3F807FFFu, 0x3F80)]
    [InlineData(0x7F7FFFFFu, 0x7F80)]
    [InlineData(0x7F800001u, 0x7FC0)]
    [InlineData(0xFF800000u, 0xFF80)]
    [InlineData(0xFFFFFFFFu, 0xFFFF)]
    public void BFloat16_is_rounded_to_nearest_even(uint bits, int expected) => Assert.Equal(
        expected,
        BinaryPrimitives.ReadUInt16LittleEndian(
            Tensor.From([], [BitConverter.UInt32BitsToSingle(bits)]).As(ElementType.BFloat16).Data.Span));

    [Fact]
    public void Float16_is_rounded_to_nearest()
    {
        Assert.Equal([1, 1.0009766f, float.PositiveInfinity, 0], Tensor.From([4], [1.0004f, 1.0006f, 65520, 1e-9f]).As(ElementType.Float16)
            .ToFloats());
        Assert.Equal([1.0009766f], Tensor.From([1], [1.0006f]).As(ElementType.Float16).As(ElementType.Float64).ToFloats());
    }

    [Fact]
    public void There_is_no_way_to_integers_and_from_them()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.From([1], [1]).As(ElementType.Int32));
        Assert.Throws<InvalidOperationException>(() => new Tensor(ElementType.Int32, [1], new byte[4]).As(ElementType.Float32));
    }

    [Fact]
    public void A_matrix_is_turned_element_by_element()
    {
        var tensor = Tensor.From([2, 3], [1, 2, 3, 4, 5, 6]);

        var turned = tensor.Transposed();

        Assert.Equal([3, 2], turned.Shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], turned.ToFloats());
        Assert.Equal(tensor.Data.ToArray(), turned.Transposed().Data.ToArray());
        Assert.Equal([0, 5], new Tensor(ElementType.UInt8, [5, 0], default).Transposed().Shape);
        Assert.Equal(
            [1, 2, 5, 6, 3, 4, 7, 8], new Tensor(ElementType.Float16, [2, 2], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })
                .Transposed().Data.ToArray());
    }
}
