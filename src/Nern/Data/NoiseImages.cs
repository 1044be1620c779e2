namespace Nern.Data;

/// <summary>Inputs for fitting without data: every value uniform in [-1, 1).</summary>
public sealed class NoiseImages : IImageSource
{
    private const float Scale = 1f / (1 << 23);

    /// <summary>Noise of this shape.</summary>
    public NoiseImages(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Channels = channels;
        Height = height;
        Width = width;
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <summary>Always the default: noise has no epochs, and the generator holds all there is to know.</summary>
    public EpochPosition Position
    {
        get => default;
        set { }
    }

    /// <inheritdoc/>
    public void Fill(Span<float> batch, int count, Generator generator)
    {
        BatchShape.Check(batch, count, Channels * Height * Width);
        // One draw of 64 bits makes two values of 24 bits each.
        for (var i = 0; i + 1 < batch.Length; i += 2)
        {
            var bits = generator.NextUInt64();
            batch[i] = ((int)(bits >> 32) >> 8) * Scale;
            batch[i + 1] = ((int)bits >> 8) * Scale;
        }
        if (batch.Length % 2 == 1)
            batch[^1] = ((int)(generator.NextUInt64() >> 32) >> 8) * Scale;
    }
}
