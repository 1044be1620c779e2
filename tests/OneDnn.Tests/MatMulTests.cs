using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class MatMulTests
{
    public static TheoryData<int, DataType> Cases => Shapes.Cases(count: 8);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Multiplies_and_adds_a_bias(int seed, DataType type) => Check(seed, type, transposed: false, new(), withBias: true);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Takes_weights_stored_column_after_column(int seed, DataType type) =>
        Check(seed, type, transposed: true, new(), withBias: false);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Rectifies(int seed, DataType type) =>
        Check(seed, type, transposed: true, new(Function: EltwiseFunction.Relu), withBias: true);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Accumulates(int seed, DataType type) => Check(seed, type, transposed: false, new(Accumulate: true), withBias: false);

    [SkippableFact]
    public void Leaves_the_order_of_the_weights_to_the_primitive()
    {
        using var bench = new Workbench();
        var source = bench.Numbers(40 * 33, DataType.BFloat16);
        var weights = bench.Numbers(33 * 17, DataType.BFloat16);
        var product = bench.Own(Primitives.MatMul(
            bench.Engine, MemoryDescriptor.RowMajor(DataType.BFloat16, 40, 33), MemoryDescriptor.Any(DataType.BFloat16, 33, 17), null,
            MemoryDescriptor.RowMajor(DataType.Float32, 40, 17)));
        var result = bench.Empty(product[Argument.Destination]);
        bench.Run(
            product,
            (Argument.Source, bench.Put(product[Argument.Source], source)),
            (Argument.Weights, bench.Put(product[Argument.Weights], weights)),
            (Argument.Destination, result));
        // Operands are bfloat16 already and the result is float32: only the order of the additions differs.
        Closeness.AssertClose(ReferenceMatMul.Multiply(source, weights, 40, 33, 17), bench.Get(result), Closeness.Float32Tolerance);
    }

    private static void Check(int seed, DataType type, bool transposed, PostOperations postOperations, bool withBias)
    {
        using var bench = new Workbench(seed);
        int rows = bench.Pick(1, 3, 64, 100), inner = bench.Pick(1, 5, 17, 160), columns = bench.Pick(1, 3, 9, 33);
        var source = bench.Numbers(rows * inner, type);
        var weights = bench.Numbers(inner * columns, type);
        var bias = withBias ? bench.Numbers(columns, DataType.Float32) : new double[columns];
        var before = postOperations.Accumulate ? bench.Numbers(rows * columns, type) : new double[rows * columns];
        var weightDescriptor = transposed
            ? MemoryDescriptor.Transposed(type, inner, columns)
            : MemoryDescriptor.RowMajor(type, inner, columns);
        var biasDescriptor = MemoryDescriptor.RowMajor(DataType.Float32, 1, columns);
        var product = bench.Own(Primitives.MatMul(
            bench.Engine, MemoryDescriptor.RowMajor(type, rows, inner), weightDescriptor, withBias ? biasDescriptor : null,
            MemoryDescriptor.RowMajor(type, rows, columns), postOperations));
        var result = bench.Put(product[Argument.Destination], before);
        var stored = bench.Put(weightDescriptor, weights);
        if (transposed && type == DataType.Float32)
            Assert.Equal(
                [.. ReferenceMatMul.Transpose(weights, inner, columns).Select(value => (float)value)], stored.AsSpan<float>().ToArray());
        (Argument, Memory)[] arguments =
        [
            (Argument.Source, bench.Put(product[Argument.Source], source)), (Argument.Weights, stored), (Argument.Destination, result),
        ];
        bench.Run(product, withBias ? [.. arguments, (Argument.Bias, bench.Put(biasDescriptor, bias))] : arguments);
        var expected = ReferenceMatMul.Multiply(source, weights, rows, inner, columns)
            .Select((value, i) => value + bias[i % columns] + before[i])
            .Select(value => postOperations.Function is not null ? Math.Max(0, value) : value);
        Closeness.AssertClose([.. expected], bench.Get(result), Closeness.Tolerance(type));
    }
}
