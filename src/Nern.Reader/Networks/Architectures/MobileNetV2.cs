namespace Nern.Networks.Architectures;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018) as torchvision builds it, of width 1. Parameters are named features.0.0, features.0.1,
/// features.1.conv.0.0, …, features.18.0, classifier.1.
/// </summary>
public static class MobileNetV2
{
    private const float Ceiling = 6;
    private const int Last = 1280;

    // What a stage's blocks multiply channels with inside, how many they yield, how many there are, and the stride of the first.
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>The network.</summary>
    /// <param name="classes">Logits.</param>
    /// <param name="size">Rows and columns of an image.</param>
    public static Graph Build(int classes = 1000, int size = 224)
    {
        var graph = new GraphBuilder(new(3, size, size));
        var value = Bounded(graph, 0, "features.0", 32, kernel: 3, stride: 2);
        var (channels, index) = (32, 1);
        foreach (var stage in Stages)
        {
            for (var block = 0; block < stage.Blocks; block++, index++)
            {
                value = Block(graph, value, $"features.{index}", channels, stage.Expansion, stage.Channels, block == 0 ? stage.Stride : 1);
                channels = stage.Channels;
            }
        }
        value = Bounded(graph, value, $"features.{index}", Last, kernel: 1);
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("pool", [value]))]));
        graph.Append(new Gemm("classifier.1", [value], classes));
        return graph.Build();
    }

    /// <summary>An inverted residual: wide and depthwise inside, narrow and linear at both ends.</summary>
    private static int Block(GraphBuilder graph, int input, string name, int channels, int expansion, int filters, int stride)
    {
        var (value, part, hidden) = (input, 0, channels * expansion);
        if (expansion > 1)
            value = Bounded(graph, value, $"{name}.conv.{part++}", hidden, kernel: 1);
        value = Bounded(graph, value, $"{name}.conv.{part++}", hidden, kernel: 3, stride, groups: hidden);
        value = graph.ConvolutionAndNorm(
            value, $"{name}.conv.{part}", $"{name}.conv.{part + 1}", filters, kernel: 1, stride: 1, padding: 0);
        return stride == 1 && channels == filters ? graph.Append(new Add($"{name}.add", [value, input])) : value;
    }

    private static int Bounded(GraphBuilder graph, int input, string name, int filters, int kernel, int stride = 1, int groups = 1) =>
        graph.Relu(
        graph.ConvolutionAndNorm(input, $"{name}.0", $"{name}.1", filters, kernel, stride, kernel / 2, groups), $"{name}.2", Ceiling);
}
