using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class WeightPlacementTests
{
    // Whether there is a detour in the layouts that this processor chooses depends on the library; the numbers must not.
    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Weights_come_back_from_blocks_that_are_not_full(DataType type)
    {
        using var bench = new Workbench();
        bench.Require(type);
        foreach (var (filters, channels, kernel) in new[] { (64, 40, 3), (40, 24, 3), (20, 20, 2), (17, 16, 3), (16, 17, 3), (48, 33, 1), (10, 3, 5) })
        {
            var forward = bench.Own(Primitives.ConvolutionForward(
                bench.Engine, MemoryDescriptor.Any(type, 1, channels, 9, 9), MemoryDescriptor.Any(type, filters, channels, kernel, kernel), null,
                MemoryDescriptor.Any(type, 1, filters, 10 - kernel, 10 - kernel), Window.Square(1, 0)));
            var backward = bench.Own(Primitives.ConvolutionBackwardData(
                bench.Engine, forward, MemoryDescriptor.Any(type, 1, channels, 9, 9), MemoryDescriptor.Any(type, filters, channels, kernel, kernel),
                MemoryDescriptor.Any(type, 1, filters, 10 - kernel, 10 - kernel), Window.Square(1, 0)));
            double[] numbers = [.. Enumerable.Range(0, filters * channels * kernel * kernel).Select(i => 1.0 + (i % 251))];
            foreach (var layout in new[] { forward[Argument.Weights], backward[Argument.Weights] })
            {
                var placed = bench.Put(layout, numbers);
                Assert.Equal(numbers, bench.Get(placed));
                // Padding that is not zero would be summed up with what stands beside it.
                Assert.Equal(numbers.Length, NotZero(placed, type));
            }
        }
    }

    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Matrices_come_back_from_blocks_that_are_not_full(DataType type)
    {
        using var bench = new Workbench();
        bench.Require(type);
        foreach (var (rows, columns) in new[] { (40, 40), (33, 33), (33, 9), (8, 9), (160, 9), (17, 160), (240, 100) })
        {
            var product = bench.Own(Primitives.MatMul(
                bench.Engine, MemoryDescriptor.RowMajor(type, 78, rows), MemoryDescriptor.Any(type, rows, columns), null,
                MemoryDescriptor.RowMajor(type, 78, columns)));
            double[] numbers = [.. Enumerable.Range(0, rows * columns).Select(i => 1.0 + (i % 251))];
            foreach (var plain in new[] { MemoryDescriptor.RowMajor(type, rows, columns), MemoryDescriptor.Transposed(type, rows, columns) })
            {
                var there = bench.Empty(product[Argument.Weights]);
                var given = bench.Put(plain, numbers);
                bench.Run(
                    bench.Own(Primitives.Reorder(bench.Engine, plain, there.Descriptor)), (Argument.Source, given), (Argument.Destination, there));
                Assert.Equal(numbers, bench.Get(there));
                Assert.Equal(numbers.Length, NotZero(there, type));
            }
        }
    }

    private static int NotZero(Memory memory, DataType type) => type == DataType.Float32
        ? memory.AsSpan<float>().Length - memory.AsSpan<float>().Count(0)
        : memory.AsSpan<ushort>().Length - memory.AsSpan<ushort>().Count((ushort)0);
}
