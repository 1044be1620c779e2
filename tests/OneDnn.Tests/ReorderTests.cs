using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class ReorderTests
{
    [SkippableFact]
    public void Rounds_float32_to_the_nearest_bfloat16_and_halves_to_even()
    {
        // Around every boundary: exact, just below half, half above an even and an odd number, just above half.
        uint[] bits =
        [
            0x3F800000, 0x3F807FFF, 0x3F808000, 0x3F808001, 0x3F818000, 0x3F817FFF, 0x3F818001,
            0xBF808000, 0xBF818000, 0x00000000, 0x80000000, 0x7F7FFFFF, 0x42FE8000, 0x7F800000, 0xFF800000,
        ];
        ushort[] expected =
        [
            0x3F80, 0x3F80, 0x3F80, 0x3F81, 0x3F82, 0x3F81, 0x3F82,
            0xBF80, 0xBF82, 0x0000, 0x8000, 0x7F80, 0x42FE, 0x7F80, 0xFF80,
        ];
        using var bench = new Workbench();
        bench.Require(DataType.BFloat16);
        var source = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, bits.Length));
        var result = bench.Empty(MemoryDescriptor.RowMajor(DataType.BFloat16, bits.Length));
        bits.Select(BitConverter.UInt32BitsToSingle).ToArray().CopyTo(source.AsSpan<float>());
        Reorder(bench, source, result);
        Assert.Equal(expected, result.AsSpan<ushort>().ToArray());
        Assert.Equal(expected, bits.Select(b => BFloat16.Bits(BitConverter.UInt32BitsToSingle(b))));
    }

    [SkippableFact]
    public void Widens_bfloat16_exactly()
    {
        using var bench = new Workbench();
        bench.Require(DataType.BFloat16);
        var source = bench.Empty(MemoryDescriptor.RowMajor(DataType.BFloat16, 65536));
        var result = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 65536));
        for (var i = 0; i < 65536; i++)
            source.AsSpan<ushort>()[i] = (ushort)i;
        Reorder(bench, source, result);
        for (var i = 0; i < 65536; i++)
            Assert.Equal(BFloat16.Value((ushort)i), result.AsSpan<float>()[i]);
    }

    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Into_a_blocked_order_and_back_changes_nothing(DataType type)
    {
        using var bench = new Workbench();
        var shape = new ConvolutionCase(bench, type);
        var forward = shape.Forward(bench);
        // bench.Put and bench.Get both reorder.
        Assert.Equal(shape.Source.Values, bench.Get(bench.Put(forward[Argument.Source], shape.Source.Values)));
        Assert.Equal(shape.Weights.Values, bench.Get(bench.Put(forward[Argument.Weights], shape.Weights.Values)));
    }

    [Fact]
    public void Copies_a_part_out_of_a_memory_and_into_one()
    {
        using var bench = new Workbench();
        var whole = bench.NewVolume(DataType.Float32, 2, 5, 4, 3);
        var order = MemoryDescriptor.RowMajor(DataType.Float32, whole.Dimensions);
        var part = order.Part([1, 2, 3, 3], [1, 2, 1, 0]);
        Assert.Equal([1, 2, 3, 3], part.Dimensions);
        var memory = bench.Put(order, whole.Values);
        var view = bench.Own(memory.View(bench.Engine, part));
        var expected = new Volume(1, 2, 3, 3);
        for (var i = 0; i < expected.Values.Length; i++)
            expected.Values[i] = whole[1, 2 + (i / 9), 1 + (i / 3 % 3), i % 3];
        Assert.Equal(expected.Values, bench.Get(view));

        var zeros = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 1, 2, 3, 3));
        Reorder(bench, zeros, view);
        var remaining = bench.Get(memory);
        for (var i = 0; i < remaining.Length; i++)
        {
            var inside = i / 60 == 1 && i / 12 % 5 is 2 or 3 && i / 60 == 1 && i / 3 % 4 >= 1;
            Assert.Equal(inside ? 0 : whole.Values[i], remaining[i]);
        }
    }

    private static void Reorder(Workbench bench, Memory from, Memory to) =>
        bench.Run(
            bench.Own(Primitives.Reorder(bench.Engine, from.Descriptor, to.Descriptor)),
            (Argument.Source, from), (Argument.Destination, to));
}
