namespace Nern.Data;

/// <summary>Inputs made of nothing but random numbers, for fitting without data.</summary>
internal abstract class NoiseSource : IImageSource
{
    /// <summary>Noise of this shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not positive.</exception>
    protected NoiseSource(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Channels, Height, Width) = (channels, height, width);
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
    public int Write(DrawnImage drawn, Span<float> image)
    {
        BatchShape.Check(image, 1, Channels * Height * Width);
        Write(new SplitMix64(drawn.Seed), image);
        return drawn.Index;
    }

    /// <summary>Fills an image, [channels, height, width], from <paramref name="generator"/> alone.</summary>
    private protected abstract void Write(SplitMix64 generator, Span<float> image);
}
