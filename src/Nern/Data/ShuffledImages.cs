using Nern.Networks;

namespace Nern.Data;

/// <summary>Images of a labelled set, each once an epoch in an order shuffled anew; how one is written is up to the kind of set.</summary>
internal abstract class ShuffledImages : IImageSource
{
    private readonly LabelledImages _images;
    private readonly EpochOrder _order;

    private protected ShuffledImages(LabelledImages images, Normalization normalization)
    {
        if (images.Count == 0)
            throw new ArgumentException("There must be at least one image to draw from.", nameof(images));
        normalization.CheckChannels(images.Channels);
        _images = images;
        _order = new EpochOrder(images.Count);
    }

    /// <inheritdoc/>
    public int Channels => _images.Channels;

    /// <inheritdoc/>
    public int Height => _images.Height;

    /// <inheritdoc/>
    public int Width => _images.Width;

    /// <inheritdoc/>
    public EpochPosition Position
    {
        get => _order.Position;
        set => _order.Position = value;
    }

    /// <inheritdoc/>
    public DrawnImage Draw(Generator generator) => _order.Draw(generator);

    /// <inheritdoc/>
    public abstract int Write(DrawnImage drawn, Span<float> image);
}

/// <summary>An input of which everything random has been decided, so that any thread can write it.</summary>
/// <param name="Index">Which of the images of a set.</param>
/// <param name="Seed">What the rest follows from: its crop and mirroring, or all of its values.</param>
public readonly record struct DrawnImage(int Index, ulong Seed);
