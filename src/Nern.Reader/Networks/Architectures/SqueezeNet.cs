
namespace Nern.Networks.Architectures;

/// <summary>
/// SqueezeNet (Iandola et al. 2016) as torchvision builds it, version 1.0 and the lighter 1.1. Parameters are named features.0,
/// features.3.squeeze, features.3.expand1x1, features.3.expand3x3, …, classifier.1.
/// </summary>
public static class SqueezeNet
{
    // What follows the first pooling: the widths of fire modules, squeezed and expanded; 0 is a pooling.
    private static readonly (int Squeezed, int Expanded)[] First =
        [(16, 64), (16, 64), (32, 128), (0, 0), (32, 128), (48, 192), (48, 192), (64, 256), (0, 0), (64, 256)];

    private static readonly (int Squeezed, int Expanded)[] Lighter =
        [(16, 64), (16, 64), (0, 0), (32, 128), (32, 128), (0, 0), (48, 192), (48, 192), (64, 256), (64, 256)];

    /// <summary>The network.</summary>
    /// <param name="lighter">Version 1.1 instead of 1.0.</param>
    /// <param name="classes">Logits.</param>
    /// <param name="size">Rows and columns of an image.</param>
    public static Graph Build(bool lighter, int classes = 1000, int size = 224)
    {
        var graph = new GraphBuilder(new(3, size, size));
        var value = lighter
            ? Convolve(graph, 0, "features.0", filters: 64, kernel: 3, stride: 2)
            : Convolve(graph, 0, "features.0", filters: 96, kernel: 7, stride: 2);
        value = Pool(graph, value, "features.2");
        foreach (var (i, (squeezed, expanded)) in (lighter ? Lighter : First).Index())
            value = squeezed == 0 ? Pool(graph, value, $"features.{i + 3}") : Fire(graph, value, $"features.{i + 3}", squeezed, expanded);
        value = Convolve(graph, value, "classifier.1", classes, kernel: 1);
        graph.Append(new GlobalAveragePool("pool", [value]));
        return graph.Build();
    }

    private static int Fire(GraphBuilder graph, int input, string name, int squeezed, int expanded)
    {
        var value = Convolve(graph, input, $"{name}.squeeze", squeezed, kernel: 1);
        return graph.Append(new Concat(
            $"{name}.concat",
            [Convolve(graph, value, $"{name}.expand1x1", expanded, kernel: 1),
                Convolve(graph, value, $"{name}.expand3x3", expanded, kernel: 3, padding: 1)]));
    }

    private static int Convolve(GraphBuilder graph, int input, string name, int filters, int kernel, int stride = 1, int padding = 0) =>
        graph.Relu(
            graph.Append(new Convolution(name, [input], filters, kernel, kernel, Window.Square(stride, padding), HasBias: true)),
            $"{name}.relu");

    /// <summary>3x3 with stride 2, where the last window may reach beyond the edge.</summary>
    private static int Pool(GraphBuilder graph, int input, string name) =>
        graph.Append(new Pool(name, [input], PoolingKind.Maximum, 3, 3, graph.RoundedUp(input, kernel: 3, stride: 2)));
}
