using Nern.Networks;

namespace Nern.Onnx;

/// <summary>What an ONNX model may leave open.</summary>
public sealed record OnnxOptions
{
    /// <summary>Rows and columns of an image, where the model does not fix them; null to take its own.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>The output that is the class scores; null to find it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether that output is features instead of class scores.</summary>
    public bool EndsInFeatures { get; init; }

    /// <summary>
    /// Of several outputs the one that tells this many classes apart is taken; asked for the shape of images; null where it is not known.
    /// </summary>
    public Func<ImageShape, int>? Classes { get; init; }

    /// <summary>Of several outputs the one that the node of this name yields is taken.</summary>
    internal string? LastNode { get; init; }
}
