using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class EltwiseTests
{
    public static TheoryData<EltwiseFunction, float, float> Cases => ReferenceEltwise.Cases;

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Float32_forward_and_backward_are_those_of_the_reference(EltwiseFunction function, float alpha, float beta) =>
        Check(DataType.Float32, function, alpha, beta);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void BFloat16_forward_and_backward_are_those_of_the_reference(EltwiseFunction function, float alpha, float beta) =>
        Check(DataType.BFloat16, function, alpha, beta);

    private static void Check(DataType type, EltwiseFunction function, float alpha, float beta)
    {
        using var bench = new Workbench();
        var order = MemoryDescriptor.RowMajor(type, 2, 5, 3, 7);
        // Wide enough for all pieces of every function.
        double[] values = [.. bench.Numbers(2 * 5 * 3 * 7, type).Select(x => 4 * x)];
        var gradient = bench.Numbers(values.Length, type);
        var forward = bench.Own(Primitives.EltwiseForward(bench.Engine, function, order, alpha, beta));
        var source = bench.Put(order, values);
        var result = bench.Empty(order);
        bench.Run(forward, (Argument.Source, source), (Argument.Destination, result));
        Closeness.AssertClose(
            [.. values.Select(x => ReferenceEltwise.Value(function, x, alpha, beta))], bench.Get(result), Closeness.Tolerance(type));

        var backward = bench.Own(Primitives.EltwiseBackward(bench.Engine, function, forward, order, order, alpha, beta));
        var sourceGradient = bench.Empty(order);
        bench.Run(
            backward,
            (Argument.Source, source), (Argument.DestinationGradient, bench.Put(order, gradient)),
            (Argument.SourceGradient, sourceGradient));
        Closeness.AssertClose(
            [.. values.Zip(gradient, (x, g) => g * ReferenceEltwise.Slope(function, x, alpha, beta))], bench.Get(sourceGradient),
            Closeness.Tolerance(type), "gradient");
    }
}
