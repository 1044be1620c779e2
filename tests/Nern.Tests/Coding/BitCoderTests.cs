using FsCheck;
using FsCheck.Fluent;
using Nern.Coding;

namespace Nern.Tests.Coding;

public class BitCoderTests
{
    [Fact]
    public void Bits_of_any_probability_come_back()
    {
        var probabilities = Gen.OneOf(Gen.Choose(1, 65535), Gen.Elements(1, 2, 32768, 65534, 65535));
        var bits = Gen.Zip(Gen.Choose(0, 1), probabilities).ListOf();
        Prop.ForAll(bits.ToArbitrary(), sent =>
        {
            var writer = BitCoder.Writer();
            foreach (var (bit, probability) in sent)
                writer.Code(bit, probability);
            var reader = BitCoder.Reader(writer.Finish());
            // A reader is given ones where zeros were written, and the other way round: it must not look.
            foreach (var (bit, probability) in sent)
                Assert.Equal(bit, reader.Code(1 - bit, probability));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65535)]
    public void Long_runs_of_what_is_unlikely_come_back(int probability)
    {
        var random = new Generator(1);
        int[] sent = [.. Enumerable.Range(0, 20_000).Select(i => i % 500 < 3 ? random.NextInt32(2) : probability == 1 ? 1 : 0)];
        var writer = BitCoder.Writer();
        foreach (var bit in sent)
            writer.Code(bit, probability);
        var reader = BitCoder.Reader(writer.Finish());
        Assert.Equal(sent, sent.Select(_ => reader.Code(0, probability)));
    }

    [Fact]
    public void Even_numbers_come_back()
    {
        var numbers = from count in Gen.OneOf(Gen.Choose(1, 9), Gen.Choose(1, int.MaxValue))
                      from value in Gen.Choose(0, count - 1)
                      select (value, count);
        Prop.ForAll(numbers.ListOf().ToArbitrary(), sent =>
        {
            var writer = BitCoder.Writer();
            foreach (var (value, count) in sent)
                Assert.Equal(value, writer.CodeEven(value, count));
            var reader = BitCoder.Reader(writer.Finish());
            foreach (var (value, count) in sent)
                Assert.Equal(value, reader.CodeEven(0, count));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Words_and_numbers_near_zero_come_back()
    {
        const int Most = (1 << 25) - 2;
        var near = Gen.OneOf(Gen.Choose(-9, 9), Gen.Choose(-Most, Most), Gen.Elements(Most, -Most, (1 << 24) - 1, 1 - (1 << 24), 0));
        var words = Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(value => (uint)value), Gen.Elements(0u, 1u, uint.MaxValue, 1u << 31));
        Prop.ForAll(Gen.Zip(near, words).ListOf().ToArbitrary(), sent =>
        {
            var writer = BitCoder.Writer();
            foreach (var (number, word) in sent)
                (writer.CodeNear(number), writer.CodeWord(word)).ToString();
            var reader = BitCoder.Reader(writer.Finish());
            foreach (var (number, word) in sent)
                Assert.Equal((number, word), (reader.CodeNear(0), reader.CodeWord(0)));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)]
    [InlineData(0.03)]
    [InlineData(0.99)]
    public void Bits_take_little_more_than_their_entropy(double likely)
    {
        const int Count = 200_000;
        var (random, writer) = (new Generator(5), BitCoder.Writer());
        var probability = (int)Math.Round(likely * 65536);
        var ideal = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var bit = random.NextDouble() < likely ? 1 : 0;
            ideal -= Math.Log2(bit == 1 ? likely : 1 - likely);
            writer.Code(bit, probability);
        }
        var bits = 8.0 * writer.Finish().Length;
        Assert.InRange(bits / ideal, 0.9999, 1.02);
    }

    [Fact]
    public void What_ends_early_is_refused()
    {
        // As many zeros as may have been left out stand for ones.
        var reader = BitCoder.Reader(new byte[2]);
        for (var i = 0; i < 16; i++)
            Assert.Equal(1, reader.CodeEvenBit(0));
        Assert.Equal(6, reader.Position);
        Assert.Throws<InvalidDataException>(() => reader.CodeBits(0, 9));
    }

    [Fact]
    public void Nothing_takes_no_bytes() => Assert.Empty(BitCoder.Writer().Finish());

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var writer = BitCoder.Writer();
        foreach (var (bit, probability) in new[] { (1, 32768), (0, 1), (0, 65535), (1, 65535), (1, 1), (0, 20000) })
            writer.Code(bit, probability);
        writer.CodeEven(123, 200);
        writer.CodeEven(2, 3);
        writer.CodeNear(-77);
        writer.CodeNear(0);
        writer.CodeWord(0x3F800001);
        Assert.Equal("7FFF800048DC5C50C584C969", Convert.ToHexString(writer.Finish()));
    }
}
