using Nern.Compression;
using Nern.Tensors;

namespace Nern.Tests.Compression;

public class FilterIntegersTests
{
    [Fact]
    public void What_is_compressed_is_scales_integers_and_the_rest_in_float32()
    {
        var weight = Tensor.From([2, 3], [-1, 0.5f, 0.25f, 0, 0, 0]);

        var bytes = FilterIntegers.ToBytes([weight, Tensor.From([1], [7])], bits: 8);

        Assert.Equal(
            [.. BitConverter.GetBytes(1 / 127f), 0, 0, 0, 0, unchecked((byte)-127), 64, 32, 0, 0, 0, .. BitConverter.GetBytes(7f)], bytes);
    }

    [Theory]
    [InlineData(8, 127)]
    [InlineData(5, 15)]
    [InlineData(2, 1)]
    public void A_filter_is_rounded_to_the_nearest_of_its_own_grid(int bits, int largest)
    {
        var random = new Generator(1);
        float[] values = [.. Enumerable.Range(0, 4 * 9).Select(i => (float)random.NextNormal() * (1 + (i / 9)))];
        var weight = Tensor.From([4, 1, 3, 3], values);

        var (integers, scales) = FilterIntegers.Round(weight, bits);
        var rounded = FilterIntegers.ToFloats(weight, bits);

        Assert.All(integers.Chunk(9), filter => Assert.Equal(largest, filter.Max(value => Math.Abs((int)value))));
        Assert.All(
            rounded.Index(), value => Assert.InRange(Math.Abs(value.Item - values[value.Index]), 0, 0.5001 * scales[value.Index / 9]));
    }
}
