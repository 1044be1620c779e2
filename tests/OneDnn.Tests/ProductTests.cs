using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class ProductTests
{
    [SkippableTheory]
    [InlineData(DataType.Float32, 17, 3, 5)]
    [InlineData(DataType.BFloat16, 17, 3, 5)]
    [InlineData(DataType.Float32, 17, 1, 1)]
    [InlineData(DataType.BFloat16, 17, 1, 1)]
    [InlineData(DataType.Float32, 1, 3, 5)]
    public void A_second_operand_may_have_one_place_for_several_and_the_sum_goes_back(DataType type, int channels, int height, int width)
    {
        using var bench = new Workbench();
        var order = MemoryDescriptor.RowMajor(type, 2, 17, 3, 5);
        var part = MemoryDescriptor.RowMajor(type, 2, channels, height, width);
        var (first, second) = (bench.Numbers(2 * 17 * 3 * 5, type), bench.Numbers(2 * channels * height * width, type));
        var (product, sum) = (bench.Empty(order), bench.Empty(part));
        int Place(int i) =>
            (((((i / 255 * channels) + (channels == 1 ? 0 : i / 15 % 17)) * height) + (height == 1 ? 0 : i / 5 % 3)) * width)
            + (width == 1 ? 0 : i % 5);

        bench.Run(
            bench.Own(Primitives.Product(bench.Engine, order, part, order)),
            (Argument.Source, bench.Put(order, first)), (Argument.Source1, bench.Put(part, second)), (Argument.Destination, product));
        Closeness.AssertClose([.. first.Select((x, i) => x * second[Place(i)])], bench.Get(product), Closeness.Tolerance(type));
        if (second.Length == first.Length)
            return;
        bench.Run(
            bench.Own(Primitives.Sum(bench.Engine, order, part)), (Argument.Source, bench.Put(order, first)), (Argument.Destination, sum));
        var expected = new double[second.Length];
        foreach (var (i, x) in first.Index())
            expected[Place(i)] += x;
        Closeness.AssertClose(expected, bench.Get(sum), Closeness.Tolerance(type));
    }
}
