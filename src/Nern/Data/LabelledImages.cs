using System.Security.Cryptography;
using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Labelled images of one shape, in memory or read when they are asked for. Any number of threads may read at once. An image that
/// cannot be read is known as such once reading it was tried.
/// </summary>
public abstract class LabelledImages
{
    private readonly int[] _labels;

    /// <exception cref="ArgumentException">The shape is none, or a label is out of range.</exception>
    private protected LabelledImages(int[] labels, int channels, int height, int width, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        foreach (var label in labels)
            if ((uint)label >= (uint)classes)
                throw new ArgumentException($"Labels lie in 0..{classes - 1}; got {label}.", nameof(labels));
        (_labels, Channels, Height, Width, Classes) = (labels, channels, height, width, classes);
    }

    /// <summary>The number of images, with those that cannot be read.</summary>
    public int Count => _labels.Length;

    /// <summary>Colour planes of an image.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>How many classes the labels tell apart.</summary>
    public int Classes { get; }

    /// <summary>Values of one image: channels x height x width.</summary>
    public int ImageLength => Channels * Height * Width;

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>How pictures become images of this shape, in a sentence for the user; null where nothing is done to them.</summary>
    public virtual string? Preparation => null;

    /// <summary>Reads the pixels of an image as they are.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="pixels">Receives values 0..255, [channels, height, width].</param>
    /// <returns>Whether it can be read.</returns>
    /// <exception cref="ArgumentException">The index or the memory does not fit.</exception>
    public abstract bool TryRead(int index, Span<byte> pixels);

    /// <summary>Reads an image as a network takes it.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="image">Receives [channels, height, width].</param>
    /// <param name="normalization">How pixels become inputs.</param>
    /// <returns>Whether it can be read.</returns>
    /// <exception cref="ArgumentException">The index, the memory or the channels do not fit.</exception>
    public abstract bool TryRead(int index, Span<float> image, Normalization normalization);

    /// <summary>An endless supply of these images, changed at random as is usual for them in training.</summary>
    /// <param name="normalization">How pixels become inputs.</param>
    /// <param name="crop">How far a crop at random may go; 0 for none.</param>
    /// <param name="flip">Whether half of the images are mirrored left to right.</param>
    /// <exception cref="ArgumentException">There are no images, or the crop or the channels do not fit them.</exception>
    public abstract IImageSource Augmented(Normalization normalization, int crop = 4, bool flip = true);

    /// <summary>Sets some images aside, which stand for all.</summary>
    /// <param name="count">How many, fewer than there are.</param>
    internal abstract (LabelledImages Kept, LabelledImages Aside) SetAside(int count);

    /// <summary>Adds what tells these images from others.</summary>
    internal abstract void Identify(IncrementalHash hash);

    /// <summary>Why there is nothing to go on with once all were tried.</summary>
    internal virtual NernException NoneReadable() => new($"None of the {Count} images can be read.");

    /// <summary>All images that can be read as a network takes them, [images, channels, height, width].</summary>
    /// <exception cref="NernException">None can be read.</exception>
    internal float[] ReadAll(Normalization normalization)
    {
        var images = new float[checked(Count * ImageLength)];
        var read = 0;
        for (var index = 0; index < Count; index++)
            if (TryRead(index, images.AsSpan(read * ImageLength, ImageLength), normalization))
                read++;
        return read == Count ? images : read > 0 ? images[..(read * ImageLength)] : throw NoneReadable();
    }
}
