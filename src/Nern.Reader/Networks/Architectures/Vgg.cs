
namespace Nern.Networks.Architectures;

/// <summary>
/// VGG (Simonyan and Zisserman 2015) with batch normalisation as torchvision builds it, for images of 224x224. Parameters are named
/// features.0, features.1, …, classifier.0, classifier.3, classifier.6.
/// </summary>
public static class Vgg
{
    private const int Size = 224;
    private const int Hidden = 4096;

    // Convolutions in each of the five stages; a pooling follows each.
    private static readonly Dictionary<int, int[]> Stages = new() { [11] = [1, 1, 2, 2, 2], [16] = [2, 2, 3, 3, 3] };

    /// <summary>The depths there are.</summary>
    public static IReadOnlyCollection<int> Depths => Stages.Keys;

    /// <summary>The network of <paramref name="depth"/> layers: 11 or 16.</summary>
    /// <param name="depth">Layers.</param>
    /// <param name="classes">Logits.</param>
    /// <exception cref="NernException">No such network.</exception>
    public static Graph Build(int depth, int classes = 1000)
    {
        if (!Stages.TryGetValue(depth, out var stages))
            throw new NernException($"A VGG has {string.Join(" or ", Depths)} layers; got {depth}.");
        var graph = new GraphBuilder(new(3, Size, Size));
        var (value, index) = (0, 0);
        foreach (var (stage, convolutions) in stages.Index())
        {
            for (var i = 0; i < convolutions; i++, index += 3)
            {
                value = graph.Append(new Convolution(
                    $"features.{index}", [value], Math.Min(64 << stage, 512), 3, 3, Window.Square(1, 1), HasBias: true));
                value = graph.Relu(graph.Append(new BatchNorm($"features.{index + 1}", [value])), $"features.{index + 2}");
            }
            value = graph.Append(new Pool($"features.{index++}", [value], PoolingKind.Maximum, 2, 2, Window.Square(2, 0)));
        }
        value = graph.Append(new Flatten("flatten", [value]));
        value = graph.Relu(graph.Append(new Gemm("classifier.0", [value], Hidden)), "classifier.1");
        value = graph.Relu(graph.Append(new Gemm("classifier.3", [value], Hidden)), "classifier.4");
        graph.Append(new Gemm("classifier.6", [value], classes));
        return graph.Build();
    }
}
