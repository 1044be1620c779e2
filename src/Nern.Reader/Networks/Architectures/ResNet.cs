
namespace Nern.Networks.Architectures;

/// <summary>
/// The residual networks for ImageNet of He et al. 2016, section 4.1, as torchvision builds them: a 7x7 stem, four stages, shortcuts by
/// 1x1 convolutions. Parameters are named conv1, bn1, layer1.0.conv1, …, layer2.0.downsample.0, …, fc.
/// </summary>
public static class ResNet
{
    private static readonly Dictionary<int, int[]> Blocks = new() { [18] = [2, 2, 2, 2], [34] = [3, 4, 6, 3], [50] = [3, 4, 6, 3] };

    /// <summary>The depths there are.</summary>
    public static IReadOnlyCollection<int> Depths => Blocks.Keys;

    /// <summary>The network of <paramref name="depth"/> layers: 18, 34, or 50 with bottlenecks.</summary>
    /// <param name="depth">Layers.</param>
    /// <param name="classes">Logits.</param>
    /// <param name="size">Rows and columns of an image.</param>
    /// <exception cref="NernException">No such network.</exception>
    public static Graph Build(int depth, int classes = 1000, int size = 224)
    {
        if (!Blocks.TryGetValue(depth, out var blocks))
            throw new NernException($"A ResNet for ImageNet has {string.Join(", ", Depths)} layers; got {depth}.");
        var graph = new GraphBuilder(new(3, size, size));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 64, kernel: 7, stride: 2, padding: 3), "relu");
        value = graph.Append(new Pool("maxpool", [value], PoolingKind.Maximum, 3, 3, Window.Square(2, 1)));
        var (channels, expansion) = (64, depth < 50 ? 1 : 4);
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
            {
                var (name, width) = ($"layer{stage + 1}.{block}", 64 << stage);
                var stride = stage > 0 && block == 0 ? 2 : 1;
                var carried = stride == 1 && channels == width * expansion
                    ? value
                    : graph.ConvolutionAndNorm(value, $"{name}.downsample.0", $"{name}.downsample.1", width * expansion, kernel: 1, stride,
                        padding: 0);
                var inner = expansion == 1 ? Basic(graph, value, name, width, stride) : Bottleneck(graph, value, name, width, stride);
                value = graph.Relu(graph.Append(new Add($"{name}.add", [inner, carried])), $"{name}.relu");
                channels = width * expansion;
            }
        }
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("avgpool", [value]))]));
        graph.Append(new Gemm("fc", [value], classes));
        return graph.Build();
    }

    private static int Basic(GraphBuilder graph, int input, string name, int width, int stride)
    {
        var value = graph.ConvolutionAndNorm(input, $"{name}.conv1", $"{name}.bn1", width, kernel: 3, stride, padding: 1);
        value = graph.Relu(value, $"{name}.relu1");
        return graph.ConvolutionAndNorm(value, $"{name}.conv2", $"{name}.bn2", width, kernel: 3, stride: 1, padding: 1);
    }

    /// <summary>With the stride at the 3x3 convolution, as torchvision has it.</summary>
    private static int Bottleneck(GraphBuilder graph, int input, string name, int width, int stride)
    {
        var value = graph.ConvolutionAndNorm(input, $"{name}.conv1", $"{name}.bn1", width, kernel: 1, stride: 1, padding: 0);
        value = graph.Relu(value, $"{name}.relu1");
        value = graph.ConvolutionAndNorm(value, $"{name}.conv2", $"{name}.bn2", width, kernel: 3, stride, padding: 1);
        value = graph.Relu(value, $"{name}.relu2");
        return graph.ConvolutionAndNorm(value, $"{name}.conv3", $"{name}.bn3", 4 * width, kernel: 1, stride: 1, padding: 0);
    }
}
