using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

/// <summary>A random small convolution and its numbers: odd channel counts, strides, uneven paddings, dilation, groups.</summary>
internal sealed class ConvolutionCase
{
    internal ConvolutionCase(Workbench bench, DataType type)
    {
        Type = type;
        Groups = bench.Pick(1, 1, 2, 3);
        var channels = Groups * bench.Pick(1, 3, 5, 16, 17);
        var filters = Groups * bench.Pick(2, 3, 5, 16, 17);
        var kernel = bench.Pick(1, 3, 3, 5);
        var dilation = bench.Pick(1, 1, 2);
        var padding = kernel / 2 * dilation;
        Window = new(
            bench.Pick(1, 2), bench.Pick(1, 2), padding, bench.Pick(0, padding), bench.Pick(0, padding), padding, dilation, dilation);
        Source = bench.NewVolume(type, bench.Pick(1, 2, 3), channels, bench.Pick(9, 10, 13), bench.Pick(9, 11, 12));
        Weights = bench.NewVolume(type, filters, channels / Groups, kernel, kernel);
        Bias = bench.Numbers(filters, DataType.Float32);
        var (height, width) = ReferenceConvolution.Sizes(Source, kernel, kernel, Window);
        Gradient = bench.NewVolume(type, Source.Samples, filters, height, width);
    }

    internal DataType Type { get; }

    internal int Groups { get; }

    internal Window Window { get; }

    internal Volume Source { get; }

    internal Volume Weights { get; }

    internal double[] Bias { get; }

    /// <summary>The gradient with respect to the destination, and so of its shape.</summary>
    internal Volume Gradient { get; }

    internal MemoryDescriptor AnySource => MemoryDescriptor.Any(Type, Source.Dimensions);

    internal MemoryDescriptor AnyDestination => MemoryDescriptor.Any(Type, Gradient.Dimensions);

    internal MemoryDescriptor BiasDescriptor => MemoryDescriptor.RowMajor(DataType.Float32, Bias.Length);

    /// <summary>[filters, channels, …], or [groups, filters of a group, channels of a group, …].</summary>
    internal int[] WeightDimensions => Groups == 1
        ? Weights.Dimensions
        : [Groups, Weights.Samples / Groups, .. Weights.Dimensions[1..]];

    internal MemoryDescriptor AnyWeights(DataType type) => MemoryDescriptor.Any(type, WeightDimensions);

    internal Primitive Forward(Workbench bench, PostOperations? postOperations = null, MemoryDescriptor? destination = null) =>
        bench.Own(Primitives.ConvolutionForward(
            bench.Engine, AnySource, AnyWeights(Type), BiasDescriptor, destination ?? AnyDestination, Window, postOperations));

    /// <summary>The arguments of <paramref name="forward"/>, with <paramref name="destination"/> for the result.</summary>
    internal (Argument, Memory)[] Arguments(Workbench bench, Primitive forward, Memory destination) =>
    [
        (Argument.Source, bench.Put(forward[Argument.Source], Source.Values)),
        (Argument.Weights, bench.Put(forward[Argument.Weights], Weights.Values)),
        (Argument.Bias, bench.Put(forward[Argument.Bias], Bias)),
        (Argument.Destination, destination),
    ];

    internal Volume Expected() => ReferenceConvolution.Forward(Source, Weights, Bias, Window, Groups);
}
