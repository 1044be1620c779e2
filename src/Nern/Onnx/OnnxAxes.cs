using Nern.Networks;

namespace Nern.Onnx;

/// <summary>
/// The axes of a value in a model, a letter each: the samples N, channels C, rows H and columns W; P for the pixels, rows and columns as
/// one; G and K for groups of channels and the channels of each; 1 for an axis that the model added.
/// </summary>
internal static class OnnxAxes
{
    internal const string Images = "NCHW", ImagesChannelsLast = "NHWC", Vector = "NC", Pixels = "NCP", Grouped = "NGKHW",
        GroupedPixels = "NGKP";

    /// <summary>Places along an axis.</summary>
    internal static long Extent(char axis, int batch, ImageShape shape, int groups) => axis switch
    {
        'N' => batch,
        'C' => shape.Channels,
        'H' => shape.Height,
        'W' => shape.Width,
        'P' => (long)shape.Height * shape.Width,
        'G' => groups,
        'K' => shape.Channels / groups,
        _ => 1,
    };

    /// <summary>Whether they are those of groups of channels, the groups innermost.</summary>
    internal static bool AreShuffled(string axes) => axes is "NKGHW" or "NKGP";

    /// <summary>The axes that more than one place is on, in their order, samples left out.</summary>
    internal static string Long(string axes, ImageShape shape, int groups) =>
        string.Concat(axes.Where(axis => axis != 'N' && Extent(axis, 1, shape, groups) > 1));

    /// <summary>The same axes, called rows and columns where it does not matter what axes of one place are called.</summary>
    internal static string Named(string axes, ImageShape shape) =>
        axes.Length == Images.Length && axes.StartsWith(Vector, StringComparison.Ordinal) && shape is { Height: 1, Width: 1 } ? Images
            : axes;

    /// <summary>The axes for messages.</summary>
    internal static string Describe(string axes) => $"[{string.Join(", ", axes.AsEnumerable())}]";
}
