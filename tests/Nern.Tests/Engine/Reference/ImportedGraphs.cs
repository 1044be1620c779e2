using Nern.Networks;

namespace Nern.Tests.Engine.Reference;

/// <summary>Small architectures of what networks hold that other tools made.</summary>
internal static class ImportedGraphs
{
    // Low enough for many values to be above it.
    private const float Ceiling = 0.7f;

    /// <summary>An inverted residual block, as MobileNets have it, and a ReLU behind a sum.</summary>
    internal static Graph Ceilings(int narrow, int wide)
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var stem = graph.ConvolutionAndNorm(0, "stem", "stem.bn", narrow, kernel: 3, stride: 1, padding: 1);
        var value = graph.Relu(graph.ConvolutionAndNorm(stem, "expand", "expand.bn", wide, kernel: 1, stride: 1, padding: 0), "relu1",
            Ceiling);
        value = graph.ConvolutionAndNorm(value, "depthwise", "depthwise.bn", wide, kernel: 3, stride: 1, padding: 1, groups: wide);
        value = graph.ConvolutionAndNorm(
            graph.Relu(value, "relu2", Ceiling), "project", "project.bn", narrow, kernel: 1, stride: 1, padding: 0);
        value = graph.Relu(graph.Append(new Add("add", [value, stem])), "relu3", Ceiling);
        return ExampleGraphs.Classify(graph, value);
    }

    /// <summary>Functions that are no ReLU, of values that others read too.</summary>
    internal static Graph Functions()
    {
        var graph = new GraphBuilder(new(3, 7, 7));
        var value = graph.Append(new LeakyRelu("leaky", [Convolve(graph, 0, "conv1", 7)], 0.1f));
        value = graph.Append(new HardSwish("swish", [Convolve(graph, value, "conv2", 18)]));
        var third = Convolve(graph, value, "conv3", 6);
        value = graph.Append(new Clip("clip", [third], -0.4f, 0.9f));
        value = graph.Append(new Add("add", [graph.Append(new Sigmoid("sigmoid", [third])), value]));
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        value = graph.Append(new Sigmoid("sigmoid2", [graph.Append(new Gemm("hidden", [value], 9))]));
        graph.Append(new Gemm("linear", [value], 4));
        return graph.Build();
    }

    /// <summary>Batch normalisations of images, of a sum, of a value with other readers, and of vectors.</summary>
    internal static Graph NormalisedFirst()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var images = graph.Append(new BatchNorm("images", [0]));
        var value = graph.Append(new Convolution("conv1", [images], 6, 3, 3, Window.Square(1, 1)));
        var branch = graph.Relu(graph.Append(new BatchNorm("bn1", [value])), "relu1");
        // Without a bias, which a normalisation would take away again.
        branch = graph.Append(new Convolution("conv2", [branch], 6, 3, 3, Window.Square(1, 1)));
        value = graph.Append(new Add("add", [branch, value]));
        value = graph.Relu(graph.Append(new BatchNorm("bn2", [value])), "relu2", Ceiling);
        value = graph.Append(new Flatten(
            "flatten", [graph.Append(new Pool("pool", [value], PoolingKind.AverageWithPadding, 2, 2, Window.Square(2, 0)))]));
        value = graph.Append(new BatchNorm("bn3", [graph.Append(new Gemm("hidden", [value], 19, HasBias: false))]));
        value = graph.Relu(value, "relu3");
        graph.Append(new BatchNorm("bn4", [graph.Append(new Gemm("linear", [value], 4, HasBias: false))]));
        return graph.Build();
    }

    /// <summary>Factors and summands of images, behind a convolution, behind what others read, and of vectors.</summary>
    internal static Graph Factors()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = Convolve(graph, graph.Append(new ChannelAffine("images", [0])), "conv1", 6);
        value = graph.Relu(graph.Append(new ChannelAffine("affine1", [value])), "relu1");
        value = graph.Append(new Concat("concat", [graph.Append(new ChannelAffine("affine2", [value])), value]));
        value = graph.Append(new ChannelAffine("affine3", [Convolve(graph, value, "conv2", 17)]));
        value = graph.Append(new ChannelAffine("affine4", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        value = graph.Append(new Gemm("linear", [graph.Append(new Flatten("flatten", [value]))], 4));
        graph.Append(new ChannelAffine("affine5", [value]));
        return graph.Build();
    }

    /// <summary>Parts of images, of a value that others read too, and of vectors.</summary>
    internal static Graph Slices()
    {
        var graph = new GraphBuilder(new(4, 9, 10));
        var part = graph.Append(new Slice("images", [0], new(1, 2, 2), new(0, 9), new(2, 8)));
        var value = graph.Relu(Convolve(graph, part, "conv1", 20), "relu1");
        var even = graph.Append(new Slice("even", [value], new(0, 10, 2), new(0, 5, 2), new(0, 3, 3)));
        var last = graph.Append(new Slice("last", [value], new(10, 10), new(4, 5), new(5, 3)));
        value = graph.Append(new Concat("concat", [Convolve(graph, graph.Append(new Add("add", [even, last])), "conv2", 17), even]));
        value = graph.Append(new Slice("most", [graph.Relu(value, "relu2")], new(3, 22), new(0, 4), new(0, 3)));
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        value = graph.Append(new Slice("vector", [value], new(1, 10, 2), new(0, 1), new(0, 1)));
        graph.Append(new Gemm("linear", [value], 4));
        return graph.Build();
    }

    /// <summary>Zeros around images and values, some of which the windows that follow can take over.</summary>
    internal static Graph Padding()
    {
        var graph = new GraphBuilder(new(3, 7, 7));
        var value = graph.Append(new Convolution(
            "conv1", [graph.Append(new Pad("images", [0], 0, 1, 1, 0))], 18, 3, 3, Window.Square(1, 0), HasBias: true));
        // Every second place of the padded value; no ReLU may write over the zeros.
        value = graph.Append(new Pad("wide", [graph.Relu(value, "relu1")], 2, 1, 3, 1));
        var other = graph.Append(new Pool("pool1", [graph.Relu(value, "relu2")], PoolingKind.Maximum, 3, 3, Window.Square(2, 1)));
        value = graph.Append(new Add("add", [Strided(value, "conv2", 2), other]));
        value = graph.Append(new Pool(
            "pool2", [graph.Append(new Pad("counted", [value], 1, 0, 0, 1))], PoolingKind.AverageWithPadding, 3, 2, Window.Square(1, 0)));
        value = Strided(graph.Append(new Pad("pointless", [value], 1, 1, 1, 1)), "conv3", 1);
        return ExampleGraphs.Classify(graph, graph.Relu(value, "relu3"));

        int Strided(int input, string name, int stride) =>
            graph.Append(new Convolution(name, [input], 18, 3, 3, Window.Square(stride, 1), HasBias: true));
    }

    /// <summary>Groups that fit no vector, strided, dilated and with several filters a channel.</summary>
    internal static Graph ManyGroups()
    {
        var graph = new GraphBuilder(new(4, 9, 9));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 20, kernel: 3, stride: 1, padding: 1, groups: 4), "relu1");
        value = graph.Append(new Convolution(
            "conv2", [value], 40, 3, 3, new Window(1, 1, 2, 2, 2, 2, DilationY: 2, DilationX: 2), Groups: 20, HasBias: true));
        value = graph.Relu(graph.ConvolutionAndNorm(
            graph.Relu(value, "relu2"), "conv3", "bn3", 40, kernel: 5, stride: 2, padding: 2, groups: 40), "relu3");
        value = graph.ConvolutionAndNorm(value, "conv4", "bn4", 12, kernel: 1, stride: 1, padding: 0, groups: 4);
        return ExampleGraphs.Classify(graph, graph.Relu(value, "relu4"));
    }

    internal static int Convolve(GraphBuilder graph, int input, string name, int filters, int groups = 1) =>
        graph.Append(new Convolution(name, [input], filters, 3, 3, Window.Square(1, 1), groups, HasBias: true));
}
