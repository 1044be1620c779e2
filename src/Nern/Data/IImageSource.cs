namespace Nern.Data;

/// <summary>An endless supply of network inputs of one shape.</summary>
public interface IImageSource
{
    /// <summary>Colour planes of an image.</summary>
    int Channels { get; }

    /// <summary>Rows of an image.</summary>
    int Height { get; }

    /// <summary>Columns of an image.</summary>
    int Width { get; }

    /// <summary>
    /// Where the supply stands. This and the state of the generator are all a checkpoint needs to continue with the same images.
    /// </summary>
    /// <exception cref="NernException">When set: the position does not lie within this supply.</exception>
    EpochPosition Position { get; set; }

    /// <summary>Writes the next images into memory of the caller; a batch allocates none of its own.</summary>
    /// <param name="batch">Receives [count, channels, height, width].</param>
    /// <param name="count">How many images.</param>
    /// <param name="generator">Where all randomness comes from.</param>
    /// <exception cref="ArgumentException">The batch is not as long as that.</exception>
    void Fill(Span<float> batch, int count, Generator generator);
}
