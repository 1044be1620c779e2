using FsCheck;
using FsCheck.Fluent;
using Nern.Coding;

namespace Nern.Tests.Coding;

public class IntegerModelTests
{
    private const int Largest = (1 << 24) - 1;

    [Fact]
    public void Matrices_come_back()
    {
        var cases = from rows in Gen.Choose(0, 9)
                    from columns in Gen.Choose(1, 40)
                    from kernel in Gen.OneOf(Gen.Elements(1, 9, 25, 26, 49), Gen.Choose(1, 30))
                    from size in Gen.Elements(0, 1, 3, 15, 16, 17, 100, 1 << 12, 1 << 23, Largest)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (rows, columns, kernel, size, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var random = new Generator((ulong)c.seed);
            int[] sent = [.. Enumerable.Range(0, c.rows * c.columns).Select(_ => random.NextInt32((2 * c.size) + 1) - c.size)];
            // Two with one model, as the matrices of a file are.
            Assert.Equal([.. sent, .. sent], RoundTrip(sent, c.columns, c.kernel));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_largest_magnitudes_come_back()
    {
        int[] sent = [.. Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? Largest : i % 3 == 1 ? -Largest : (2 * Largest) - 1)];
        Assert.Equal([.. sent, .. sent], RoundTrip(sent, 20, 4));
    }

    [Fact]
    public void Large_magnitudes_above_count_as_large()
    {
        // Bits of an integer that are coded as they are: those below the first of magnitude - 15.
        Assert.InRange(Bits(Largest, 23) / Bits(1000, 9), 0.99, 1.01);

        // Row by row in turn: large or 0 at random; 0 below what is large, else 1; zeros.
        static double Bits(int large, int ofLarge)
        {
            const int Columns = 100;
            var (random, integers) = (new Generator(3), new int[90 * Columns]);
            for (var i = 0; i < integers.Length; i++)
                integers[i] = (i / Columns % 3) switch
                {
                    0 => random.NextInt32(2) * large,
                    1 => integers[i - Columns] == 0 ? 1 : 0,
                    _ => 0,
                };
            return (8 * IntegerModelTests.Bytes(integers, Columns).Length) - (integers.Count(value => value == large) * (double)ofLarge);
        }
    }

    [Fact]
    public void Zeros_take_next_to_nothing() => Assert.InRange(Bytes(new int[100_000], 100).Length, 0, 60);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.2)]
    public void Integers_without_structure_take_little_more_than_their_entropy(double decay)
    {
        // P(|q| = k) = (1 - decay) decay^k, signs even.
        var (random, ideal) = (new Generator(9), 0.0);
        var integers = new int[60_000];
        for (var i = 0; i < integers.Length; i++)
        {
            while (random.NextDouble() < decay)
                integers[i]++;
            ideal -= Math.Log2((1 - decay) * Math.Pow(decay, integers[i])) - (integers[i] > 0 ? 1 : 0);
            if (random.NextInt32(2) == 0)
                integers[i] = -integers[i];
        }
        Assert.InRange(8 * Bytes(integers, 300).Length / ideal, 0.99, 1.04);
    }

    [Fact]
    public void Rows_that_differ_are_told_apart()
    {
        var random = new Generator(9);
        int[] integers = [.. Enumerable.Range(0, 60_000).Select(i => i / 300 % 2 == 0 ? 0 : random.NextInt32(9) - 4)];
        int[] shuffled = [.. integers];
        random.Shuffle(shuffled.AsSpan());
        Assert.InRange(Bytes(integers, 300).Length, 0, 0.9 * Bytes(shuffled, 300).Length);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        int[] integers = [.. Enumerable.Range(0, 54).Select(i => i % 7 == 0 ? i - 20 : i % 5 == 0 ? 0 : (i * i % 5) - 2)];
        var bytes = Convert.ToHexString(Bytes(integers, 18));
        Assert.True(bytes == "00003118935A7B2E3D760B6BDE86B4A4D5380E58BDD4C7102617B6EEC4257143", bytes);
    }

    private static byte[] Bytes(int[] integers, int columns)
    {
        var writer = BitCoder.Writer();
        new IntegerModel().Code(writer, integers, integers.Length, columns, 9);
        return writer.Finish();
    }

    private static int[] RoundTrip(int[] sent, int columns, int kernel)
    {
        var (writer, model) = (BitCoder.Writer(), new IntegerModel());
        model.Code(writer, sent, sent.Length, columns, kernel);
        model.Code(writer, sent, sent.Length, columns, kernel);
        var (reader, again) = (BitCoder.Reader(writer.Finish()), new IntegerModel());
        var first = again.Code(reader, [], sent.Length, columns, kernel);
        return [.. first, .. again.Code(reader, [], sent.Length, columns, kernel)];
    }
}
