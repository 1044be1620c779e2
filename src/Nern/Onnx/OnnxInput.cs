using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>The images that a model takes.</summary>
/// <param name="Name">What the model calls them.</param>
/// <param name="Axes">The order of their axes.</param>
/// <param name="Shape">The shape of one.</param>
/// <param name="Batch">How many at a time, as far as the model fixes it; else 1.</param>
internal sealed record OnnxInput(string Name, string Axes, ImageShape Shape, int Batch)
{
    // Usual where nothing tells.
    private const long Colours = 3;

    /// <summary>Finds the one input that is needed and not stored in the model.</summary>
    internal static OnnxInput Find(
        GraphProto graph, IReadOnlyList<NodeProto> nodes, IEnumerable<string> outputs, (int Height, int Width)? size)
    {
        var needed = nodes.SelectMany(node => node.Input).Concat(outputs).ToHashSet();
        var stored = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !stored.Contains(input.Name) && needed.Contains(input.Name)).ToList();
        if (inputs is not [var input])
            throw new InvalidDataException(
                $"is an ONNX model with {inputs.Count} inputs ({string.Join(", ", inputs.Take(5).Select(i => MalformedFile.Quote(i.Name)))}); expected one, the images.");
        var dimensions = input.Type?.TensorType?.Shape?.Dim.Select(
            dimension => dimension.HasDimValue && dimension.DimValue > 0 ? dimension.DimValue : (long?)null).ToList();
        if (dimensions is not null and not { Count: 4 })
            throw new InvalidDataException(
                $"is an ONNX model that takes {MalformedFile.Quote(input.Name)} of {dimensions.Count} dimensions; expected images [N, C, H, W].");
        dimensions ??= [null, null, null, null];
        var (axes, first) = Readers(nodes, input.Name);
        long? Stated(char axis) => dimensions[axes.IndexOf(axis, StringComparison.Ordinal)];
        var channels = Stated('C') ?? ChannelsOf(graph, first) ?? Colours;
        if ((Stated('H') ?? size?.Height) is not { } height || (Stated('W') ?? size?.Width) is not { } width)
            throw new InvalidDataException(
                $"is an ONNX model that leaves the size of its images {MalformedFile.Quote(input.Name)} open: say it with --size, "
                + "of fit and compress --image-size.");
        if (Math.Max(channels, Math.Max(height, width)) > 1 << 20)
            throw new InvalidDataException($"is an ONNX model for images of {channels}x{height}x{width}, which is more than can be held.");
        return size is null || size == (height, width)
            ? new(input.Name, axes, new ImageShape((int)channels, (int)height, (int)width), (int)Math.Min(dimensions[0] ?? 1, int.MaxValue))
            : throw new InvalidDataException(
                $"is an ONNX model for images of {height}x{width}; got {size.Value.Height}x{size.Value.Width}.");
    }

    /// <summary>
    /// The order of the images' axes, and the first node that does more than work element by element: a Transpose from [N, H, W, C] is what
    /// exporters put before the first convolution of networks that take such images.
    /// </summary>
    private static (string Axes, NodeProto? First) Readers(IReadOnlyList<NodeProto> nodes, string images)
    {
        var (value, axes) = (images, OnnxAxes.Images);
        foreach (var node in nodes.Where(node => node.OpType != "Shape"))
        {
            if (!node.Input.Contains(value))
                continue;
            if (node.OpType == "Transpose" && node.Attribute.FirstOrDefault(a => a.Name == "perm")?.Ints is [0, 3, 1, 2])
                axes = OnnxAxes.ImagesChannelsLast;
            else if (node.OpType is not ("Cast" or "Identity" or "Add" or "Sub" or "Mul" or "Div" or "Clip" or "BatchNormalization" or "Pad"))
                return (axes, node);
            if (node.Output.Count == 0)
                break;
            value = node.Output[0];
        }
        return (axes, null);
    }

    /// <summary>What a convolution takes.</summary>
    private static long? ChannelsOf(GraphProto graph, NodeProto? node) =>
        node is { OpType: "Conv", Input: [_, var weight, ..] }
        && graph.Initializer.FirstOrDefault(tensor => tensor.Name == weight)?.Dims is [_, > 0 and var channels, _, _]
            ? channels * Math.Max(1, node.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1)
            : null;
}
