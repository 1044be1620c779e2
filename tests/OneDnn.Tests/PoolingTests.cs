using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class PoolingTests
{
    public static TheoryData<PoolingKind, int, DataType> Cases
    {
        get
        {
            var cases = new TheoryData<PoolingKind, int, DataType>();
            foreach (var kind in Enum.GetValues<PoolingKind>())
                for (var seed = 0; seed < 6; seed++)
                {
                    cases.Add(kind, seed, DataType.Float32);
                    cases.Add(kind, seed, DataType.BFloat16);
                }
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Forward_and_backward_are_those_of_the_reference(PoolingKind kind, int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        int kernelY = bench.Pick(2, 3), kernelX = bench.Pick(2, 3);
        var window = new Window(bench.Pick(1, 2), bench.Pick(1, 2), bench.Pick(0, 1), bench.Pick(0, 1), bench.Pick(0, 1), bench.Pick(0, 1));
        var source = bench.NewVolume(type, bench.Pick(1, 2, 3), bench.Pick(1, 3, 5, 16, 17), bench.Pick(6, 7, 9), bench.Pick(5, 8));
        var expected = ReferencePooling.Forward(source, kind, kernelY, kernelX, window);
        var gradient = expected.With(bench.Numbers(expected.Values.Length, type));

        // Sources come in whatever order the layer before chose; try a blocked one and the plain one.
        var order = seed % 2 == 0 ? MemoryDescriptor.RowMajor(type, source.Dimensions) : BlockedOrder(bench, source, type);
        var forward = bench.Own(Primitives.PoolingForward(
            bench.Engine, kind, order, MemoryDescriptor.Any(type, expected.Dimensions), kernelY, kernelX, window));
        var result = bench.Empty(forward[Argument.Destination]);
        (Argument, Memory)[] workspace =
            kind == PoolingKind.Maximum ? [(Argument.Workspace, bench.Empty(forward[Argument.Workspace]))] : [];
        bench.Run(forward, [(Argument.Source, bench.Put(order, source.Values)), (Argument.Destination, result), .. workspace]);
        Closeness.AssertClose(expected.Values, bench.Get(result), Closeness.Tolerance(type));

        var backward = bench.Own(Primitives.PoolingBackward(
            bench.Engine, kind, forward, order, forward[Argument.Destination], kernelY, kernelX, window));
        var sourceGradient = bench.Empty(backward[Argument.SourceGradient]);
        var incoming = bench.Put(backward[Argument.DestinationGradient], gradient.Values);
        bench.Run(backward, [(Argument.DestinationGradient, incoming), (Argument.SourceGradient, sourceGradient), .. workspace]);
        Closeness.AssertClose(
            ReferencePooling.Backward(source, gradient, kind, kernelY, kernelX, window).Values, bench.Get(sourceGradient),
            Closeness.Tolerance(type), "gradient");
    }

    [Fact]
    public void Only_the_maximum_leaves_a_workspace()
    {
        using var bench = new Workbench();
        var order = MemoryDescriptor.RowMajor(DataType.Float32, 1, 3, 6, 6);
        var average = bench.Own(Primitives.PoolingForward(
            bench.Engine, PoolingKind.AverageWithPadding, order, MemoryDescriptor.Any(DataType.Float32, 1, 3, 3, 3), 2, 2,
            Window.Square(2, 0)));
        Assert.Contains("has no Workspace", Assert.Throws<OneDnnException>(() => average[Argument.Workspace]).Message);
    }

    private static MemoryDescriptor BlockedOrder(Workbench bench, Volume source, DataType type)
    {
        var any = MemoryDescriptor.Any(type, source.Dimensions);
        var weights = MemoryDescriptor.Any(type, source.Channels, source.Channels, 3, 3);
        return bench.Own(Primitives.ConvolutionForward(bench.Engine, any, weights, null, any, Window.Square(1, 1)))[Argument.Destination];
    }
}
