namespace Nern.Data;

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
