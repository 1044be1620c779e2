using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class SoftmaxTests
{
    [SkippableTheory]
    [InlineData(DataType.Float32, false)]
    [InlineData(DataType.Float32, true)]
    [InlineData(DataType.BFloat16, false)]
    [InlineData(DataType.BFloat16, true)]
    public void Normalises_along_an_axis(DataType type, bool logarithm)
    {
        using var bench = new Workbench();
        const int Rows = 7, Columns = 13;
        var order = MemoryDescriptor.RowMajor(type, Rows, Columns);
        double[] values = [.. bench.Numbers(Rows * Columns, type).Select(x => 4 * x)];
        var primitive = bench.Own(Primitives.Softmax(bench.Engine, order, order, axis: 1, logarithm));
        var result = bench.Empty(order);
        bench.Run(primitive, (Argument.Source, bench.Put(order, values)), (Argument.Destination, result));
        var expected = values.Chunk(Columns).SelectMany(row =>
        {
            var sum = row.Sum(Math.Exp);
            return row.Select(x => logarithm ? x - Math.Log(sum) : Math.Exp(x) / sum);
        });
        Closeness.AssertClose([.. expected], bench.Get(result), Closeness.Tolerance(type));
    }
}
