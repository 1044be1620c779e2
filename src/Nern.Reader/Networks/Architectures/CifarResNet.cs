namespace Nern.Networks.Architectures;

/// <summary>How a residual block whose shape changes carries its input past the convolutions.</summary>
public enum Shortcut
{
    /// <summary>Option A: every second row and column, zero channels added in front and behind; no parameters.</summary>
    A,
    /// <summary>Option B: a 1x1 convolution and batch normalisation.</summary>
    B,
}

/// <summary>
/// The residual networks for 32x32 images of He et al. 2016, section 4.2: a 3x3 stem, then three stages of n blocks with
/// 16, 32 and 64 filters, 6n + 2 layers in all. Parameters are named conv1, bn1, layer1.0.conv1, …, linear.
/// </summary>
public static class CifarResNet
{
    /// <summary>The network of <paramref name="depth"/> layers (20, 32, 44, 56, 110; any 6n + 2).</summary>
    /// <param name="depth">Layers.</param>
    /// <param name="shortcut">The kind of shortcut.</param>
    /// <param name="classes">Classes, with a logit each.</param>
    /// <exception cref="NernException">No such network.</exception>
    public static Graph Build(int depth, Shortcut shortcut = Shortcut.A, int classes = 10) =>
        WithLogits(depth, shortcut, LastLayer.CheckClasses(classes));

    /// <summary>The same with so many logits; a single one tells two classes apart.</summary>
    internal static Graph WithLogits(int depth, Shortcut shortcut, int logits)
    {
        if (depth < 8 || (depth - 2) % 6 != 0)
            throw new NernException($"A CIFAR ResNet has 6n + 2 layers (20, 32, 44, 56, 110); got {depth}.");
        var graph = new GraphBuilder(new(3, 32, 32));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 16, kernel: 3, stride: 1, padding: 1), "relu");
        var channels = 16;
        for (var stage = 1; stage <= 3; stage++)
        {
            var filters = 8 << stage;
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                value = Block(graph, value, $"layer{stage}.{block}", channels, filters, shortcut);
                channels = filters;
            }
        }
        value = graph.Append(new GlobalAveragePool("pool", [value]));
        value = graph.Append(new Flatten("flatten", [value]));
        graph.Append(new Gemm("linear", [value], logits));
        return graph.Build();
    }

    private static int Block(GraphBuilder graph, int input, string name, int channels, int filters, Shortcut shortcut)
    {
        var stride = filters == channels ? 1 : 2;
        var value = graph.ConvolutionAndNorm(input, $"{name}.conv1", $"{name}.bn1", filters, kernel: 3, stride, padding: 1);
        value = graph.Relu(value, $"{name}.relu1");
        value = graph.ConvolutionAndNorm(value, $"{name}.conv2", $"{name}.bn2", filters, kernel: 3, stride: 1, padding: 1);
        var carried = stride == 1 ? input : Carry(graph, input, name, filters, stride, shortcut);
        return graph.Relu(graph.Append(new Add($"{name}.add", [value, carried])), $"{name}.relu2");
    }

    private static int Carry(GraphBuilder graph, int input, string name, int filters, int stride, Shortcut shortcut)
    {
        if (shortcut == Shortcut.B)
            return graph.ConvolutionAndNorm(input, $"{name}.shortcut.0", $"{name}.shortcut.1", filters, kernel: 1, stride, padding: 0);
        var sampled = graph.Append(new Subsample($"{name}.subsample", [input], stride));
        return graph.Append(new PadChannels($"{name}.pad", [sampled], filters / 4, filters / 4));
    }
}
