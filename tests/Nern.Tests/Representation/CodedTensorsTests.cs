using Nern.Coding;
using Nern.Orderings;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Tests.Representation;

public class CodedTensorsTests
{
    private const string Name = "linear.weight";

    [Fact]
    public void Zeros_take_bytes_enough_to_be_believed()
    {
        const int Rows = 3000, Columns = 400;
        var zeros = new CodedMatrix(new int[Rows * Columns], 1, []);
        var writer = CodedTensors.Writer();
        writer.Code(Name, [Rows, Columns], zeros.ToTensor([Rows, Columns]), zeros);
        var bytes = writer.Finish();
        // 64 a byte, but for the first 2^14.
        Assert.Equal(((Rows * Columns) - (1 << 14) + 63) / 64, bytes.Length);

        var reader = CodedTensors.Reader(bytes);
        Assert.Equal(zeros.Integers, reader.Code(Name, [Rows, Columns], null, null).Matrix!.Integers);
        reader.CheckEnd();
        Assert.Throws<InvalidDataException>(() => CodedTensors.Reader(bytes[..^1]).Code(Name, [Rows, Columns], null, null));
    }

    [Fact]
    public void A_megabyte_stands_for_64_million_integers_at_most()
    {
        var reader = CodedTensors.Reader(new byte[1 << 20]);
        CodedTensors.Check(64 << 20, reader);
        Assert.Throws<InvalidDataException>(() => CodedTensors.Check((64 << 20) + (1 << 14) + 1, reader));
    }

    [Theory]
    [InlineData(60_000, 1000)]
    [InlineData(1, 60_000_000)]
    [InlineData(60_000_000, 1)]
    public void Memory_is_taken_as_integers_come_and_not_as_they_are_declared(int rows, int columns)
    {
        // Begins as a matrix does; zeros stand for integers as large as can be.
        var writer = CodedTensors.Writer();
        var ones = new CodedMatrix([.. Enumerable.Repeat(1, 400)], 1, []);
        writer.Code(Name, [20, 20], ones.ToTensor([20, 20]), ones);
        var bytes = new byte[1 << 20];
        writer.Finish().AsSpan(0, 8).CopyTo(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var exception = Assert.Throws<InvalidDataException>(() => CodedTensors.Reader(bytes).Code(Name, [rows, columns], null, null));

        Assert.Contains("its numbers end before the last of them", exception.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
    }

    [Fact]
    public void Orders_longer_than_their_bytes_are_refused_before_memory_is_taken()
    {
        // 65536 numbers that are all different take 120 KB at least.
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var kind in new[] { OrderingKind.CrossFilter, OrderingKind.InFilter })
            Assert.Throws<InvalidDataException>(() => CodedTensors.Reader(new byte[80_000]).Code(null, kind, 64, 4096));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 7 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData(40_000)]
    public void Orders_take_no_more_bytes_for_being_believed(int count)
    {
        var random = new Generator(2);
        int[] kernels = [.. Enumerable.Range(0, count)];
        random.Shuffle(kernels.AsSpan());
        var (writer, coder) = (CodedTensors.Writer(), BitCoder.Writer());
        writer.Code(Ordering.CrossFilter(count, 1, kernels), OrderingKind.CrossFilter, count, 1);
        var remaining = new RemainingNumbers(count);
        for (var i = 0; i < count; i++)
        {
            var rank = remaining.RankOf(kernels[i]);
            coder.CodeEven(rank, count - i);
            remaining.Take(rank);
        }
        var bytes = writer.Finish();
        Assert.Equal(coder.Finish(), bytes);
        Assert.Equal(kernels, CodedTensors.Reader(bytes).Code(null, OrderingKind.CrossFilter, count, 1).KernelAt.ToArray());
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.UInt8)]
    public void Bytes_take_a_byte_each(ElementType type)
    {
        const int Count = 100_000;
        var (random, data) = (new Generator(2), new byte[Count * Tensor.SizeOf(type)]);
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)random.NextInt32(256);
        var writer = CodedTensors.Writer();
        writer.Code("a", [Count], new Tensor(type, [Count], data), null);
        var bytes = writer.Finish();
        Assert.InRange(bytes.Length, data.Length, data.Length + 8);
        Assert.Equal(data, CodedTensors.Reader(bytes).Code("a", [Count], null, null).Tensor.Data.ToArray());
    }
}
