using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class ConcatenationTests
{
    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Joins_channels(DataType type)
    {
        using var bench = new Workbench();
        Volume[] sources = [bench.NewVolume(type, 2, 3, 4, 5), bench.NewVolume(type, 2, 17, 4, 5), bench.NewVolume(type, 2, 5, 4, 5)];
        MemoryDescriptor[] orders = [.. sources.Select(source => MemoryDescriptor.RowMajor(type, source.Dimensions))];
        var primitive = bench.Own(Primitives.Concatenate(bench.Engine, axis: 1, orders, MemoryDescriptor.Any(type, 2, 25, 4, 5)));
        var result = bench.Empty(primitive[Argument.Destination]);
        bench.Run(
            primitive,
            [
                .. sources.Select((source, i) => (Argument.MultipleSource + i, bench.Put(orders[i], source.Values))),
                (Argument.Destination, result),
            ]);
        var expected = new Volume(2, 25, 4, 5);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            var (sample, channel, pixel) = (i / (25 * 20), i / 20 % 25, i % 20);
            var (source, first) = channel < 3 ? (sources[0], 0) : channel < 20 ? (sources[1], 3) : (sources[2], 20);
            expected.Values[i] = source[sample, channel - first, pixel / 5, pixel % 5];
        }
        Assert.Equal(expected.Values, bench.Get(result));
    }

    [Fact]
    public void Checks_each_source_when_bound()
    {
        using var bench = new Workbench();
        MemoryDescriptor[] orders =
            [MemoryDescriptor.RowMajor(DataType.Float32, 1, 2, 4, 4), MemoryDescriptor.RowMajor(DataType.Float32, 1, 3, 4, 4)];
        var joined = MemoryDescriptor.Any(DataType.Float32, 1, 5, 4, 4);
        var primitive = bench.Own(Primitives.Concatenate(bench.Engine, axis: 1, orders, joined));
        var wrong = bench.Empty(orders[0]);
        var message = Assert.Throws<OneDnnException>(() => primitive.Bind((Argument.MultipleSource + 1, wrong))).Message;
        Assert.Contains("wants Float32[1, 3, 4, 4]", message);
        Assert.Contains("got Float32[1, 2, 4, 4]", message);
    }
}
