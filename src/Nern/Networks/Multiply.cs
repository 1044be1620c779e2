namespace Nern.Networks;

/// <summary>
/// The product of two values. One may have a single channel, row or column where the other has several, and then counts for all of them, as
/// the gates of squeeze-and-excite blocks do.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">Two values.</param>
public sealed record Multiply(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Spreads(inputs[1], inputs[0]) ? inputs[0]
        : Spreads(inputs[0], inputs[1]) ? inputs[1]
        : throw Mismatch($"cannot multiply {inputs[0]} and {inputs[1]}");

    internal override bool Takes(int inputs) => inputs == 2;

    private static bool Spreads(ImageShape part, ImageShape whole) =>
        (part.Channels == 1 || part.Channels == whole.Channels) && (part.Height == 1 || part.Height == whole.Height)
        && (part.Width == 1 || part.Width == whole.Width);
}
