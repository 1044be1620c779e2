using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class PostOperationsTests
{
    public static TheoryData<int, DataType> Cases => Shapes.Cases(count: 6);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_convolution_adds_another_memory_then_rectifies(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        var addend = bench.NewVolume(type, shape.Gradient.Samples, shape.Gradient.Channels, shape.Gradient.Height, shape.Gradient.Width);
        // The addend fixes the order of the result, as it does where a residual block ends.
        var order = shape.Forward(bench)[Argument.Destination];
        var forward = shape.Forward(bench, new PostOperations(order, Function: EltwiseFunction.Relu), order);
        var destination = bench.Empty(order);
        bench.Run(
            forward,
            [.. shape.Arguments(bench, forward, destination), (Argument.PostOpSource, bench.Put(order, addend.Values))]);
        Closeness.AssertClose(
            [.. shape.Expected().Values.Zip(addend.Values, (x, y) => Math.Max(0, x + y))], bench.Get(destination),
            Closeness.Tolerance(type));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_convolution_accumulates_onto_its_destination(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        var before = bench.Numbers(shape.Gradient.Values.Length, type);
        var forward = shape.Forward(bench, new PostOperations(Accumulate: true));
        var destination = bench.Put(forward[Argument.Destination], before);
        bench.Run(forward, shape.Arguments(bench, forward, destination));
        Closeness.AssertClose([.. shape.Expected().Values.Zip(before, (x, y) => x + y)], bench.Get(destination), Closeness.Tolerance(type));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_convolution_rectifies(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        var forward = shape.Forward(bench, new PostOperations(Function: EltwiseFunction.Relu));
        var destination = bench.Empty(forward[Argument.Destination]);
        bench.Run(forward, shape.Arguments(bench, forward, destination));
        Closeness.AssertClose([.. shape.Expected().Values.Select(x => Math.Max(0, x))], bench.Get(destination), Closeness.Tolerance(type));
    }
}
