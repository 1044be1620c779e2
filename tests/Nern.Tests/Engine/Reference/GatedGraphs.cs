using Nern.Networks;

namespace Nern.Tests.Engine.Reference;

/// <summary>
/// Small architectures with products of values and reordered channels, as MobileNetV3, EfficientNet and ShuffleNet have them.
/// </summary>
internal static class GatedGraphs
{
    /// <summary>
    /// Products of equal shapes, of a value with itself, with one number a channel, one a pixel and one a sample, and of vectors.
    /// </summary>
    internal static Graph Gates()
    {
        var graph = new GraphBuilder(new(3, 7, 6));
        var value = graph.Append(new Silu("silu", [ImportedGraphs.Convolve(graph, 0, "conv1", 18)]));
        value = graph.Append(new Multiply("square", [value, value]));
        value = Gated(graph, value, "excite", squeezed: 5, gateFirst: true);
        var other = graph.Append(new Sigmoid("sigmoid", [ImportedGraphs.Convolve(graph, value, "conv2", 18)]));
        value = graph.Append(new Multiply("equal", [other, value]));
        var pixels = graph.Append(new Sigmoid("attention", [ImportedGraphs.Convolve(graph, value, "conv3", 1)]));
        value = graph.Append(new Multiply("pixels", [value, pixels]));
        value = graph.Append(new Multiply("samples", [value, graph.Append(new GlobalAveragePool("one", [pixels]))]));
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        var hidden = graph.Append(new Gemm("hidden", [value], 18));
        value = graph.Append(new Multiply("vectors", [hidden, graph.Append(new Sigmoid("gate", [hidden]))]));
        graph.Append(new Gemm("linear", [value], 4));
        return graph.Build();
    }

    /// <summary>Squeeze and excite in an inverted residual, in widths for which the library has its own orders.</summary>
    internal static Graph Excited(int channels)
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var stem = graph.ConvolutionAndNorm(0, "stem", "stem.bn", channels, kernel: 3, stride: 1, padding: 1);
        var value = graph.Append(new HardSwish("swish", [stem]));
        value = graph.Append(new Convolution("depthwise", [value], channels, 3, 3, Window.Square(1, 1), Groups: channels));
        value = Gated(graph, graph.Relu(value, "relu"), "excite", squeezed: 16, gateFirst: false);
        value = graph.Append(new Convolution("project", [value], channels, 1, 1, Window.Square(1, 0)));
        return ExampleGraphs.Classify(graph, graph.Append(new Add("add", [value, stem])));
    }

    /// <summary>Units that split, work on a half, join and shuffle.</summary>
    internal static Graph Shuffled()
    {
        var graph = new GraphBuilder(new(6, 5, 6));
        var value = graph.Relu(ImportedGraphs.Convolve(graph, graph.Append(new ChannelShuffle("images", [0], 2)), "conv1", 20), "relu1");
        var left = graph.Append(new Slice("left", [value], new(0, 10), new(0, 5), new(0, 6)));
        var right = graph.Append(new Slice("right", [value], new(10, 10), new(0, 5), new(0, 6)));
        value = graph.Append(new Concat("concat", [left, graph.Relu(ImportedGraphs.Convolve(graph, right, "conv2", 10), "relu2")]));
        value = graph.Append(new ChannelShuffle("shuffle", [value], 2));
        value = graph.Relu(graph.Append(new Convolution("conv3", [value], 20, 1, 1, Window.Square(1, 0), Groups: 4)), "relu3");
        return ExampleGraphs.Classify(graph, graph.Append(new ChannelShuffle("last", [value], 5)));
    }

    internal static Graph ChannelsLast()
    {
        var graph = new GraphBuilder(new(3, 6, 5));
        var value = graph.Relu(ImportedGraphs.Convolve(graph, 0, "conv1", 7), "relu1");
        value = graph.Append(new Flatten("flatten", [value], ChannelsLast: true));
        graph.Append(new Gemm("linear", [value], 4));
        return graph.Build();
    }

    private static int Gated(GraphBuilder graph, int value, string name, int squeezed, bool gateFirst)
    {
        var channels = graph.Build().ShapeOf(value).Channels;
        var gate = graph.Append(new GlobalAveragePool($"{name}.pool", [value]));
        gate = graph.Relu(Pointwise(gate, "fc1", squeezed), $"{name}.relu");
        gate = graph.Append(new Sigmoid($"{name}.sigmoid", [Pointwise(gate, "fc2", channels)]));
        return graph.Append(new Multiply($"{name}.mul", gateFirst ? [gate, value] : [value, gate]));

        int Pointwise(int input, string suffix, int filters) =>
            graph.Append(new Convolution($"{name}.{suffix}", [input], filters, 1, 1, Window.Square(1, 0), HasBias: true));
    }
}
