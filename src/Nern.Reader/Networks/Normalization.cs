namespace Nern.Networks;

/// <summary>
/// How pixels become network inputs: (v / 255 - mean) / standard deviation, per channel and rounded to float32 after each
/// operation, which is bit for bit what torchvision's ToTensor and Normalize give. Networks that come from Caffe take v itself
/// in place of v / 255, and blue before green before red.
/// </summary>
public sealed class Normalization
{
    private readonly float[] _mean;
    private readonly float[] _std;

    // A byte has 256 values, so the two divisions are done once for each of them: [channels, 256].
    private readonly float[] _table;

    /// <summary>Checks and keeps the statistics of values scaled to 0..<paramref name="range"/>.</summary>
    /// <param name="mean">The mean of each channel, in the order of the network.</param>
    /// <param name="std">The standard deviation of each channel, above zero.</param>
    /// <param name="range">What a pixel of 255 is before the mean is taken off: 1, or 255.</param>
    /// <param name="order">The order in which the network takes the colours.</param>
    /// <exception cref="NernException">The two differ in length, are empty, or hold a value that cannot be used.</exception>
    public Normalization(IReadOnlyList<float> mean, IReadOnlyList<float> std, float range = 1, ChannelOrder order = ChannelOrder.Rgb)
    {
        if (range is not (1 or 255))
            throw new NernException($"The range of pixels that are normalised must be 1 or 255; got {range}.");
        if (order != ChannelOrder.Rgb && mean.Count != 3)
            throw new NernException($"Only three channels have an order of colours; got a mean for {mean.Count}.");
        if (mean.Count == 0 || mean.Count != std.Count)
            throw new NernException(
                $"A normalisation needs one mean and one standard deviation for each channel; got {mean.Count} and {std.Count}.");
        for (var c = 0; c < mean.Count; c++)
        {
            if (!float.IsFinite(mean[c]))
                throw new NernException($"The normalisation mean of channel {c} must be a finite number; got {mean[c]}.");
            if (!float.IsFinite(std[c]) || std[c] <= 0)
                throw new NernException($"The normalisation standard deviation of channel {c} must be finite and above zero; got {std[c]}.");
        }
        _mean = [.. mean];
        _std = [.. std];
        (Range, Order) = (range, order);
        _table = new float[256 * _mean.Length];
        for (var i = 0; i < _table.Length; i++)
            _table[i] = ((range == 255 ? i % 256 : i % 256 / 255f) - _mean[i / 256]) / _std[i / 256];
    }

    /// <summary>The ImageNet statistics, which the published CIFAR-10 ResNets were trained with as well.</summary>
    public static Normalization ImageNet { get; } = new([.485f, .456f, .406f], [.229f, .224f, .225f]);

    /// <summary>The CIFAR-100 statistics.</summary>
    public static Normalization Cifar100 { get; } = new([.5071f, .4865f, .4409f], [.2673f, .2564f, .2762f]);

    /// <summary>The MNIST statistics, of its one channel.</summary>
    public static Normalization Mnist { get; } = new([.1307f], [.3081f]);

    /// <summary>The same for images of another number of channels: in each the mean of these statistics.</summary>
    /// <param name="channels">The number of channels.</param>
    public Normalization For(int channels) => channels == Channels
        ? this
        : new([.. Enumerable.Repeat(_mean.Average(), channels)], [.. Enumerable.Repeat(_std.Average(), channels)], Range);

    /// <summary>The mean of each channel, for values in 0..<see cref="Range"/>.</summary>
    public IReadOnlyList<float> Mean => _mean;

    /// <summary>The standard deviation of each channel, for values in 0..<see cref="Range"/>.</summary>
    public IReadOnlyList<float> Std => _std;

    /// <summary>What a pixel of 255 is before the mean is taken off: 1, or 255.</summary>
    public float Range { get; }

    /// <summary>The order in which the network takes the colours.</summary>
    public ChannelOrder Order { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => _mean.Length;

    /// <summary>The normalised value of each of the 256 bytes in a channel.</summary>
    internal ReadOnlySpan<float> Table(int channel) => _table.AsSpan(256 * channel, 256);

    /// <summary>The plane of an image (red, green, blue) that is a channel of the network.</summary>
    internal int PlaneOf(int channel) => Order == ChannelOrder.Bgr ? Channels - 1 - channel : channel;

    /// <summary>Writes an image, [channels, height, width].</summary>
    internal void Apply(ReadOnlySpan<byte> image, Span<float> values)
    {
        var plane = image.Length / Channels;
        for (var channel = 0; channel < Channels; channel++)
            Apply(Table(channel), image.Slice(PlaneOf(channel) * plane, plane), values.Slice(channel * plane, plane));
    }

    /// <summary>As <see cref="Apply(ReadOnlySpan{byte}, Span{float})"/>, each row right to left.</summary>
    internal void ApplyMirrored(ReadOnlySpan<byte> image, int width, Span<float> values)
    {
        var plane = image.Length / Channels;
        for (var start = 0; start < image.Length; start += width)
        {
            var channel = start / plane;
            var row = image.Slice((PlaneOf(channel) * plane) + (start % plane), width);
            ApplyMirrored(Table(channel), row, values.Slice(start, width));
        }
    }

    /// <summary>Writes <paramref name="pixels"/>, looked up in the table of their channel.</summary>
    internal static void Apply(ReadOnlySpan<float> table, ReadOnlySpan<byte> pixels, Span<float> values)
    {
        table = table[..256];
        values = values[..pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            values[i] = table[pixels[i]];
    }

    /// <summary>As <see cref="Apply(ReadOnlySpan{float}, ReadOnlySpan{byte}, Span{float})"/>, right to left.</summary>
    internal static void ApplyMirrored(ReadOnlySpan<float> table, ReadOnlySpan<byte> pixels, Span<float> values)
    {
        table = table[..256];
        values = values[..pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = table[pixels[pixels.Length - 1 - i]];
    }

    internal void CheckChannels(int channels)
    {
        if (channels != Channels)
            throw new ArgumentException($"The normalisation is for {Channels} channels, the images have {channels}.");
    }
}

/// <summary>The order in which a network takes the colours of an image.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red: networks that come from Caffe.</summary>
    Bgr,
}
