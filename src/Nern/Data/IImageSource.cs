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

    /// <summary>Decides what the next image is; one thread at a time.</summary>
    /// <param name="generator">Where all randomness comes from.</param>
    DrawnImage Draw(Generator generator);

    /// <summary>Writes an image that was drawn into memory of the caller; any number of threads may do it at once.</summary>
    /// <param name="drawn">The image.</param>
    /// <param name="image">Receives [channels, height, width].</param>
    /// <returns>The index of the image that was written: another than was drawn where that one cannot be read.</returns>
    /// <exception cref="ArgumentException">The memory is not as long as that.</exception>
    /// <exception cref="NernException">No image can be read.</exception>
    int Write(DrawnImage drawn, Span<float> image);
}

/// <summary>What follows from the two methods of every <see cref="IImageSource"/>.</summary>
internal static class ImageSource
{
    /// <summary>Draws the next images and writes them into memory of the caller; allocates none of its own.</summary>
    /// <param name="source">The supply.</param>
    /// <param name="batch">Receives [count, channels, height, width].</param>
    /// <param name="count">How many images.</param>
    /// <param name="generator">Where all randomness comes from.</param>
    /// <exception cref="ArgumentException">The batch is not as long as that.</exception>
    public static void Fill(this IImageSource source, Span<float> batch, int count, Generator generator)
    {
        var length = source.Channels * source.Height * source.Width;
        BatchShape.Check(batch, count, length);
        for (var i = 0; i < count; i++)
            source.Write(source.Draw(generator), batch.Slice(i * length, length));
    }
}
