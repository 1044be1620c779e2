using Nern.Coding;

namespace Nern.Tests.Coding;

public class AdaptiveBitsTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.9)]
    public void Unknown_probabilities_are_learned(double likely)
    {
        const int Count = 100_000;
        var (random, writer, bits) = (new Generator(5), BitCoder.Writer(), new AdaptiveBits(2, 4));
        var interval = writer.Interval;
        for (var i = 0; i < Count; i++)
            bits.Code(writer, ref interval, random.NextDouble() < likely ? 1 : 0, 1, 0, 3, 1);
        writer.Interval = interval;
        var entropy = -Count * ((likely * Math.Log2(likely)) + ((1 - likely) * Math.Log2(1 - likely)));
        Assert.InRange(8 * writer.Finish().Length / entropy, 0.9, 1.12);
    }

    [Fact]
    public void The_context_that_knows_is_found()
    {
        const int Count = 20_000;
        var (random, writer, bits) = (new Generator(5), BitCoder.Writer(), new AdaptiveBits(1, 2));
        var interval = writer.Interval;
        for (var i = 0; i < Count; i++)
        {
            var bit = random.NextInt32(2);
            bits.Code(writer, ref interval, bit, 0, random.NextInt32(2), bit, 0);
        }
        writer.Interval = interval;
        Assert.InRange(8.0 * writer.Finish().Length, 1, 0.02 * Count);
    }
}
