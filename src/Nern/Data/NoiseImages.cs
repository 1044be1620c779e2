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
    public DrawnImage Draw(Generator generator) => new(0, generator.NextUInt64());

    /// <inheritdoc/>
    public void Write(DrawnImage drawn, Span<float> image)
    {
        BatchShape.Check(image, 1, Channels * Height * Width);
        var generator = new SplitMix64(drawn.Seed);
        // One draw of 64 bits makes two values of 24 bits each.
        for (var i = 0; i + 1 < image.Length; i += 2)
        {
            var bits = generator.NextUInt64();
            image[i] = ((int)(bits >> 32) >> 8) * Scale;
            image[i + 1] = ((int)bits >> 8) * Scale;
        }
        if (image.Length % 2 == 1)
            image[^1] = ((int)(generator.NextUInt64() >> 32) >> 8) * Scale;
    }
}
