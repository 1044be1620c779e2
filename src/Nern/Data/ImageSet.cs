using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nern.Networks;

namespace Nern.Data;

/// <summary>Labelled images of one shape, held in memory as unsigned bytes; nothing changes after construction.</summary>
public sealed class ImageSet : LabelledImages
{
    private readonly byte[] _pixels;

    /// <summary>Wraps the arrays, which are kept and not copied: do not change them afterwards.</summary>
    /// <param name="pixels">Values 0..255, [count, channels, height, width].</param>
    /// <param name="labels">The class of each image, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="channels">Colour planes of an image.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">Pixels and labels do not fit the shape, or a label is out of range.</exception>
    public ImageSet(byte[] pixels, int[] labels, int channels, int height, int width, int classes)
        : base(labels, channels, height, width, classes)
    {
        var expected = checked((long)labels.Length * channels * height * width);
        if (pixels.LongLength != expected)
            throw new ArgumentException(
                $"{labels.Length} images of [{channels}, {height}, {width}] take {expected} bytes; got {pixels.LongLength}.",
                nameof(pixels));
        _pixels = pixels;
    }

    /// <summary>The pixels of image <paramref name="index"/>, [channels, height, width].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _pixels.AsSpan(index * ImageLength, ImageLength);
    }

    /// <summary>
    /// Images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 as a set of their own, copied.
    /// </summary>
    public ImageSet Range(int first, int count) => new(
        _pixels[(first * ImageLength)..((first + count) * ImageLength)], Labels.Slice(first, count).ToArray(), Channels, Height, Width,
        Classes);

    /// <summary>
    /// Writes images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, normalised and as they are.
    /// </summary>
    /// <param name="batch">Receives [count, channels, height, width].</param>
    /// <param name="first">Index of the first image.</param>
    /// <param name="count">How many images.</param>
    /// <param name="normalization">Mean and standard deviation of each channel.</param>
    /// <exception cref="ArgumentException">The range, the length of the batch or the channels do not fit.</exception>
    public void FillNormalized(Span<float> batch, int first, int count, Normalization normalization)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        BatchShape.Check(batch, count, ImageLength);
        normalization.CheckChannels(Channels);

        for (var i = 0; i < count; i++)
            normalization.Apply(Image(first + i), batch.Slice(i * ImageLength, ImageLength));
    }

    /// <inheritdoc/>
    public override bool TryRead(int index, Span<byte> pixels)
    {
        BatchShape.Check(pixels, 1, ImageLength);
        Image(index).CopyTo(pixels);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryRead(int index, Span<float> image, Normalization normalization)
    {
        FillNormalized(image, index, 1, normalization);
        return true;
    }

    /// <inheritdoc/>
    public override IImageSource Augmented(Normalization normalization, int crop = 4, bool flip = true) =>
        new AugmentedImages(this, normalization, crop, flip);

    /// <summary>The last ones: official files are in no order.</summary>
    internal override (LabelledImages Kept, LabelledImages Aside) SetAside(int count) =>
        (Range(0, Count - count), Range(Count - count, count));

    internal override void Identify(IncrementalHash hash)
    {
        for (var i = 0; i < Count; i++)
            hash.AppendData(Image(i));
        hash.AppendData(MemoryMarshal.AsBytes(Labels));
    }
}
