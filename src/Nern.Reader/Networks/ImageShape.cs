namespace Nern.Networks;

/// <summary>The shape of one sample of a value in a network; a vector of n features is n x 1 x 1.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Elements of one sample.</summary>
    public int Count => checked(Channels * Height * Width);

    /// <summary>Refuses images of another shape.</summary>
    /// <exception cref="NernException">They are.</exception>
    internal void Check(int channels, int height, int width)
    {
        if (this != new ImageShape(channels, height, width))
            throw new NernException($"The network takes images of {this}; these are {channels}x{height}x{width}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
