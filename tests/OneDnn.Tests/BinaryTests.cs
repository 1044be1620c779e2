using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class BinaryTests
{
    public static TheoryData<BinaryOperation, DataType> Cases => new()
    {
        { BinaryOperation.Add, DataType.Float32 },
        { BinaryOperation.Add, DataType.BFloat16 },
        { BinaryOperation.Multiply, DataType.Float32 },
        { BinaryOperation.Multiply, DataType.BFloat16 },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Combines_element_by_element(BinaryOperation operation, DataType type) => Check(operation, type, [2, 17, 3, 5]);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Spreads_a_second_operand_of_one_value_a_channel(BinaryOperation operation, DataType type) =>
        Check(operation, type, [1, 17, 1, 1]);

    private static void Check(BinaryOperation operation, DataType type, int[] dimensions)
    {
        using var bench = new Workbench();
        var order = MemoryDescriptor.RowMajor(type, 2, 17, 3, 5);
        var secondOrder = MemoryDescriptor.RowMajor(type, dimensions);
        var first = bench.Numbers(2 * 17 * 3 * 5, type);
        var second = bench.Numbers(dimensions.Aggregate(1, (x, y) => x * y), type);
        var primitive = bench.Own(Primitives.Binary(bench.Engine, operation, order, secondOrder, order));
        var result = bench.Empty(order);
        bench.Run(
            primitive,
            (Argument.Source, bench.Put(order, first)), (Argument.Source1, bench.Put(secondOrder, second)), (Argument.Destination, result));
        double Second(int i) => second[second.Length == first.Length ? i : i / 15 % 17];
        Closeness.AssertClose(
            [.. first.Select((x, i) => operation == BinaryOperation.Add ? x + Second(i) : x * Second(i))], bench.Get(result),
            Closeness.Tolerance(type));
    }
}
