namespace Nern.Data;

/// <summary>
/// How pixels become network inputs: (v / 255 - mean) / standard deviation, per channel and rounded to float32 after each
/// operation, which is bit for bit what torchvision's ToTensor and Normalize give.
/// </summary>
public sealed class Normalization
{
    private readonly float[] _mean;
    private readonly float[] _std;

    // A byte has 256 values, so the two divisions are done once for each of them: [channels, 256].
    private readonly float[] _table;

    /// <summary>Checks and keeps the statistics of values scaled to 0..1.</summary>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="std">The standard deviation of each channel, above zero.</param>
    /// <exception cref="NernException">The two differ in length, are empty, or hold a value that cannot be used.</exception>
    public Normalization(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
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
        _table = new float[256 * _mean.Length];
        for (var i = 0; i < _table.Length; i++)
            _table[i] = ((i % 256 / 255f) - _mean[i / 256]) / _std[i / 256];
    }

    /// <summary>The ImageNet statistics, which the published CIFAR-10 ResNets were trained with as well.</summary>
    public static Normalization ImageNet { get; } = new([.485f, .456f, .406f], [.229f, .224f, .225f]);

    /// <summary>The CIFAR-100 statistics.</summary>
    public static Normalization Cifar100 { get; } = new([.5071f, .4865f, .4409f], [.2673f, .2564f, .2762f]);

    /// <summary>The mean of each channel, for values in 0..1.</summary>
    public IReadOnlyList<float> Mean => _mean;

    /// <summary>The standard deviation of each channel, for values in 0..1.</summary>
    public IReadOnlyList<float> Std => _std;

    /// <summary>The number of channels.</summary>
    public int Channels => _mean.Length;

    /// <summary>The normalised value of each of the 256 bytes in a channel.</summary>
    internal ReadOnlySpan<float> Table(int channel) => _table.AsSpan(256 * channel, 256);

    /// <summary>Writes <paramref name="pixels"/>, looked up in the table of their channel.</summary>
    internal static void Apply(ReadOnlySpan<float> table, ReadOnlySpan<byte> pixels, Span<float> values)
    {
        table = table[..256];
        values = values[..pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            values[i] = table[pixels[i]];
    }

    /// <summary>As <see cref="Apply"/>, right to left.</summary>
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
