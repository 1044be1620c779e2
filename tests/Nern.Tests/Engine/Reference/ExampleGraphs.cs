using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Tests.Engine.Reference;

/// <summary>Small architectures that between them use every kind of node, with channel counts that fit no vector.</summary>
internal static class ExampleGraphs
{
    private static readonly Dictionary<string, Func<Graph>> Builders = new()
    {
        ["residual A"] = () => Residual(Shortcut.A),
        ["residual B"] = () => Residual(Shortcut.B),
        ["squeeze"] = Squeeze,
        ["average pool"] = AveragePool,
        ["two branches"] = TwoBranches,
        ["groups"] = Groups,
        ["flattened map"] = FlattenedMap,
        ["twice the same"] = TwiceTheSame,
        ["shared value"] = SharedValue,
        ["wide concat"] = WideConcat,
        ["images first"] = ImagesFirst,
        ["ends with relu"] = EndsWithRelu,
        ["excited"] = Excited,
        ["ceilings"] = () => ImportedGraphs.Ceilings(narrow: 5, wide: 18),
        // Widths for which the library prefers different orders inside and at the ends.
        ["wide block"] = () => ImportedGraphs.Ceilings(narrow: 16, wide: 64),
        ["functions"] = ImportedGraphs.Functions,
        ["normalised first"] = ImportedGraphs.NormalisedFirst,
        ["factors"] = ImportedGraphs.Factors,
        ["slices"] = ImportedGraphs.Slices,
        ["padding"] = ImportedGraphs.Padding,
        ["many groups"] = ImportedGraphs.ManyGroups,
        ["gates"] = GatedGraphs.Gates,
        ["wide gates"] = () => GatedGraphs.Excited(64),
        ["shuffled"] = GatedGraphs.Shuffled,
        ["channels last"] = GatedGraphs.ChannelsLast,
        ["one logit"] = () => Short(logits: 1),
    };

    internal static IEnumerable<string> Names => Builders.Keys;

    /// <summary>Those that hold nothing that cannot be trained.</summary>
    internal static IEnumerable<string> TrainableNames => Names.Where(name => !Build(name).Nodes.OfType<ChannelAffine>().Any());

    internal static Graph Build(string name) => Builders[name]();

    /// <summary>Two convolutions, and so few roundings that even bfloat16 gradients can be compared closely.</summary>
    internal static Graph Short(int size = 8, int logits = 4)
    {
        var graph = new GraphBuilder(new(3, size, size));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 7, kernel: 3, stride: 1, padding: 1), "relu1");
        value = graph.Relu(graph.ConvolutionAndNorm(value, "conv2", "bn2", 5, kernel: 3, stride: 2, padding: 1), "relu2");
        return Classify(graph, value, logits);
    }

    private static Graph Residual(Shortcut shortcut)
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 6, kernel: 3, stride: 1, padding: 1), "relu");
        var first = Block(graph, value, "block1", 6, stride: 1);
        value = graph.Relu(graph.Append(new Add("block1.add", [first, value])), "block1.relu2");
        var second = Block(graph, value, "block2", 12, stride: 2);
        int carried;
        if (shortcut == Shortcut.B)
            carried = graph.ConvolutionAndNorm(value, "shortcut", "shortcut.bn", 12, kernel: 1, stride: 2, padding: 0);
        else
            carried = graph.Append(new PadChannels("pad", [graph.Append(new Subsample("subsample", [value], 2))], 3, 3));
        value = graph.Relu(graph.Append(new Add("block2.add", [second, carried])), "block2.relu2");
        return Classify(graph, value);
    }

    private static int Block(GraphBuilder graph, int input, string name, int filters, int stride)
    {
        var value = graph.ConvolutionAndNorm(input, $"{name}.conv1", $"{name}.bn1", filters, kernel: 3, stride, padding: 1);
        value = graph.Relu(value, $"{name}.relu1");
        return graph.ConvolutionAndNorm(value, $"{name}.conv2", $"{name}.bn2", filters, kernel: 3, stride: 1, padding: 1);
    }

    private static Graph Squeeze()
    {
        var graph = new GraphBuilder(new(3, 9, 9));
        var value = Biased(graph, 0, "conv1", 9, kernel: 3);
        // Rounded up: one more row and column below and on the right.
        value = graph.Append(new Pool("pool1", [value], PoolingKind.Maximum, 3, 3, new Window(2, 2, 0, 0, 1, 1)));
        var squeezed = Biased(graph, value, "squeeze", 3, kernel: 1);
        int[] expanded = [Biased(graph, squeezed, "expand1x1", 5, kernel: 1), Biased(graph, squeezed, "expand3x3", 7, kernel: 3)];
        value = graph.Append(new Concat("concat", expanded));
        value = Biased(graph, value, "classifier", 4, kernel: 1);
        graph.Append(new GlobalAveragePool("pool", [value]));
        return graph.Build();
    }

    private static int Biased(GraphBuilder graph, int input, string name, int filters, int kernel) => graph.Relu(
        graph.Append(new Convolution(name, [input], filters, kernel, kernel, Window.Square(1, kernel / 2), HasBias: true)), $"{name}.relu");

    private static Graph AveragePool()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 5, kernel: 3, stride: 1, padding: 1), "relu1");
        value = graph.Append(new Pool("average", [value], PoolingKind.AverageWithoutPadding, 3, 3, Window.Square(2, 1)));
        value = graph.ConvolutionAndNorm(value, "conv2", "bn2", 17, kernel: 3, stride: 1, padding: 1);
        value = graph.Append(new Pool("zeros", [value], PoolingKind.AverageWithPadding, 3, 3, Window.Square(1, 1)));
        return Classify(graph, value);
    }

    private static Graph TwoBranches()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var left = graph.ConvolutionAndNorm(0, "left", "left.bn", 5, kernel: 3, stride: 1, padding: 1);
        var right = graph.ConvolutionAndNorm(0, "right", "right.bn", 5, kernel: 5, stride: 1, padding: 2);
        var value = graph.Relu(graph.Append(new Add("add", [left, right])), "relu");
        return Classify(graph, value);
    }

    private static Graph Groups()
    {
        var graph = new GraphBuilder(new(4, 8, 8));
        var value = graph.Append(new Convolution("conv1", [0], 6, 3, 3, Window.Square(1, 1), Groups: 2));
        value = graph.Relu(graph.Append(new BatchNorm("bn1", [value])), "relu1");
        // One filter a channel.
        value = graph.Append(new Convolution("conv2", [value], 6, 3, 3, Window.Square(2, 1), Groups: 6, HasBias: true));
        return Classify(graph, graph.Relu(value, "relu2"));
    }

    private static Graph FlattenedMap()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 5, kernel: 3, stride: 1, padding: 1), "relu1");
        value = graph.Append(new Pool("pool", [value], PoolingKind.Maximum, 2, 2, Window.Square(2, 0)));
        value = graph.Append(new Flatten("flatten", [value]));
        value = graph.Relu(graph.Append(new Gemm("hidden", [value], 11)), "relu2");
        graph.Append(new Gemm("linear", [value], 4, HasBias: false));
        return graph.Build();
    }

    private static Graph TwiceTheSame()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 5, kernel: 3, stride: 1, padding: 1), "relu1");
        value = graph.Append(new Add("double", [value, value]));
        value = graph.Append(new Concat("beside", [value, value]));
        value = graph.Relu(graph.ConvolutionAndNorm(value, "conv2", "bn2", 5, kernel: 3, stride: 1, padding: 1), "relu2");
        return Classify(graph, value);
    }

    /// <summary>A value before a ReLU that others read too.</summary>
    private static Graph SharedValue()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.ConvolutionAndNorm(0, "conv1", "bn1", 5, kernel: 3, stride: 1, padding: 1);
        var branch = graph.ConvolutionAndNorm(graph.Relu(value, "relu1"), "conv2", "bn2", 5, kernel: 3, stride: 1, padding: 1);
        var other = graph.Relu(value, "relu2");
        var sum = graph.Append(new Add("add1", [branch, value]));
        return Classify(graph, graph.Append(new Add("add2", [sum, other])));
    }

    /// <summary>Channels beyond one vector that end in the middle of the next.</summary>
    private static Graph WideConcat()
    {
        var graph = new GraphBuilder(new(3, 5, 6));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 20, kernel: 3, stride: 1, padding: 1), "relu1");
        var right = graph.Relu(graph.ConvolutionAndNorm(value, "conv2", "bn2", 24, kernel: 3, stride: 1, padding: 1), "relu2");
        value = graph.Append(new Concat("concat", [value, right, value]));
        value = graph.ConvolutionAndNorm(value, "conv3", "bn3", 18, kernel: 1, stride: 1, padding: 0);
        return Classify(graph, graph.Relu(value, "relu3"));
    }

    /// <summary>Images that no convolution reads first.</summary>
    private static Graph ImagesFirst()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var pooled = graph.Append(new Pool("pool0", [0], PoolingKind.Maximum, 3, 3, Window.Square(1, 1)));
        var value = graph.ConvolutionAndNorm(0, "conv1", "bn1", 3, kernel: 3, stride: 1, padding: 1);
        value = graph.Append(new Add("add", [value, 0]));
        value = graph.Relu(graph.Append(new Add("add2", [value, pooled])), "relu");
        return Classify(graph, value);
    }

    private static Graph EndsWithRelu()
    {
        var graph = new GraphBuilder(new(3, 4, 4));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 5, kernel: 3, stride: 1, padding: 1), "relu1");
        graph.Relu(graph.ConvolutionAndNorm(value, "conv2", "bn2", 4, kernel: 4, stride: 1, padding: 0), "relu2");
        return graph.Build();
    }

    /// <summary>Convolutions of the pooled vector.</summary>
    private static Graph Excited()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 6, kernel: 3, stride: 1, padding: 1), "relu1");
        value = graph.Append(new GlobalAveragePool("squeeze", [value]));
        value = Biased(graph, value, "excite", 5, kernel: 1);
        graph.Append(new Convolution("classifier", [value], 4, 1, 1, Window.Square(1, 0), HasBias: true));
        return graph.Build();
    }

    internal static Graph Classify(GraphBuilder graph, int value, int logits = 4)
    {
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        graph.Append(new Gemm("linear", [value], logits));
        return graph.Build();
    }
}
