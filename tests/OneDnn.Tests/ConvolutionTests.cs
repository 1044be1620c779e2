using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class ConvolutionTests
{
    public static TheoryData<int, DataType> Cases => Shapes.Cases(count: 12);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Forward_is_the_sum_of_products_plus_bias(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        var forward = shape.Forward(bench);
        var destination = bench.Empty(forward[Argument.Destination]);
        bench.Run(forward, shape.Arguments(bench, forward, destination));
        Closeness.AssertClose(shape.Expected().Values, bench.Get(destination), Closeness.Tolerance(type));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Backward_data_is_the_gradient_of_the_source(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        var backward = bench.Own(Primitives.ConvolutionBackwardData(
            bench.Engine, shape.Forward(bench), shape.AnySource, shape.AnyWeights(type), shape.AnyDestination, shape.Window));
        var result = bench.Empty(backward[Argument.SourceGradient]);
        bench.Run(
            backward,
            (Argument.DestinationGradient, bench.Put(backward[Argument.DestinationGradient], shape.Gradient.Values)),
            (Argument.Weights, bench.Put(backward[Argument.Weights], shape.Weights.Values)),
            (Argument.SourceGradient, result));
        var expected = ReferenceConvolution.BackwardData(shape.Source, shape.Weights, shape.Gradient, shape.Window, shape.Groups);
        Closeness.AssertClose(expected.Values, bench.Get(result), Closeness.Tolerance(type));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Backward_weights_is_the_gradient_of_weights_and_bias(int seed, DataType type)
    {
        using var bench = new Workbench(seed);
        var shape = new ConvolutionCase(bench, type);
        // Weight gradients are wanted in float32 whatever the activations are.
        var backward = bench.Own(Primitives.ConvolutionBackwardWeights(
            bench.Engine, shape.Forward(bench), shape.AnySource, shape.AnyWeights(DataType.Float32), shape.BiasDescriptor,
            shape.AnyDestination, shape.Window));
        var weights = bench.Empty(backward[Argument.WeightsGradient]);
        var bias = bench.Empty(backward[Argument.BiasGradient]);
        bench.Run(
            backward,
            (Argument.Source, bench.Put(backward[Argument.Source], shape.Source.Values)),
            (Argument.DestinationGradient, bench.Put(backward[Argument.DestinationGradient], shape.Gradient.Values)),
            (Argument.WeightsGradient, weights),
            (Argument.BiasGradient, bias));
        var expected = ReferenceConvolution.BackwardWeights(shape.Source, shape.Weights, shape.Gradient, shape.Window, shape.Groups);
        Closeness.AssertClose(expected.Values, bench.Get(weights), Closeness.Tolerance(type), "weights");
        Closeness.AssertClose(ReferenceConvolution.BackwardBias(shape.Gradient), bench.Get(bias), Closeness.Tolerance(type), "bias");
    }

    [Fact]
    public void Forward_without_bias_is_possible()
    {
        using var bench = new Workbench();
        var shape = new ConvolutionCase(bench, DataType.Float32);
        var forward = bench.Own(Primitives.ConvolutionForward(
            bench.Engine, shape.AnySource, shape.AnyWeights(DataType.Float32), null, shape.AnyDestination, shape.Window));
        var destination = bench.Empty(forward[Argument.Destination]);
        bench.Run(
            forward,
            (Argument.Source, bench.Put(forward[Argument.Source], shape.Source.Values)),
            (Argument.Weights, bench.Put(forward[Argument.Weights], shape.Weights.Values)),
            (Argument.Destination, destination));
        var expected = ReferenceConvolution.Forward(shape.Source, shape.Weights, null, shape.Window, shape.Groups);
        Closeness.AssertClose(expected.Values, bench.Get(destination), Closeness.Float32Tolerance);
        Assert.Throws<OneDnnException>(() => forward[Argument.Bias]);
    }
}
