using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>The images that a model takes.</summary>
/// <param name="Name">What the model calls them.</param>
/// <param name="Shape">The shape of one.</param>
internal sealed record OnnxInput(string Name, ImageShape Shape)
{
    /// <summary>Finds the one input that is needed and not stored in the model.</summary>
    internal static OnnxInput Find(GraphProto graph, IReadOnlySet<string> needed, ImageShape? shape, out int batch)
    {
        var stored = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !stored.Contains(input.Name) && needed.Contains(input.Name)).ToList();
        if (inputs is not [var input])
            throw new InvalidDataException(
                $"is an ONNX model with {inputs.Count} inputs ({string.Join(", ", inputs.Take(5).Select(i => MalformedFile.Quote(i.Name)))}); expected one, the images.");
        var dimensions = input.Type?.TensorType?.Shape?.Dim.Select(dimension => dimension.HasDimValue && dimension.DimValue > 0 ? dimension.DimValue : (long?)null).ToList();
        if (dimensions is not null and not { Count: 4 })
            throw new InvalidDataException(
                $"is an ONNX model that takes {MalformedFile.Quote(input.Name)} of {dimensions.Count} dimensions; expected images [N, C, H, W].");
        dimensions ??= [null, null, null, null];
        batch = (int)Math.Min(dimensions[0] ?? 1, int.MaxValue);
        long?[] given = shape is { } wanted ? [wanted.Channels, wanted.Height, wanted.Width] : [3, null, null];
        var extents = dimensions.Skip(1).Zip(given, (stated, otherwise) => stated ?? otherwise).ToArray();
        if (extents is not [{ } channels, { } height, { } width])
            throw new InvalidDataException(
                $"is an ONNX model that leaves the size of its images {MalformedFile.Quote(input.Name)} open: say it with --size.");
        if (Math.Max(channels, Math.Max(height, width)) > 1 << 20)
            throw new InvalidDataException($"is an ONNX model for images of {channels}x{height}x{width}, which is more than can be held.");
        var stated = new ImageShape((int)channels, (int)height, (int)width);
        return shape is null || shape == stated
            ? new(input.Name, stated)
            : throw new InvalidDataException($"is an ONNX model for images of {stated}; got {shape}.");
    }
}
