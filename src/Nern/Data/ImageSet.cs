namespace Nern.Data;

/// <summary>Labelled images of one shape, held in memory as unsigned bytes; nothing changes after construction.</summary>
public sealed class ImageSet
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;

    /// <summary>Wraps the arrays, which are kept and not copied: do not change them afterwards.</summary>
    /// <param name="pixels">Values 0..255, [count, channels, height, width].</param>
    /// <param name="labels">The class of each image, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="channels">Colour planes of an image.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">Pixels and labels do not fit the shape, or a label is out of range.</exception>
    public ImageSet(byte[] pixels, int[] labels, int channels, int height, int width, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var expected = checked((long)labels.Length * channels * height * width);
        if (pixels.LongLength != expected)
            throw new ArgumentException(
                $"{labels.Length} images of [{channels}, {height}, {width}] take {expected} bytes; got {pixels.LongLength}.", nameof(pixels));
        foreach (var label in labels)
            if ((uint)label >= (uint)classes)
                throw new ArgumentException($"Labels lie in 0..{classes - 1}; got {label}.", nameof(labels));
        _pixels = pixels;
        _labels = labels;
        Channels = channels;
        Height = height;
        Width = width;
        Classes = classes;
    }

    /// <summary>The number of images.</summary>
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

    /// <summary>The pixels of image <paramref name="index"/>, [channels, height, width].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _pixels.AsSpan(index * ImageLength, ImageLength);
    }

    /// <summary>Images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 as a set of their own, copied.</summary>
    public ImageSet Range(int first, int count) => new(
        _pixels[(first * ImageLength)..((first + count) * ImageLength)], _labels[first..(first + count)], Channels, Height, Width, Classes);

    /// <summary>Writes images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, normalised and as they are.</summary>
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

        var plane = Height * Width;
        var source = _pixels.AsSpan(first * ImageLength, count * ImageLength);
        for (var p = 0; p < count * Channels; p++)
            Normalization.Apply(normalization.Table(p % Channels), source.Slice(p * plane, plane), batch.Slice(p * plane, plane));
    }
}
