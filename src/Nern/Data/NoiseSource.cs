using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Inputs made of nothing but random numbers, for fitting without data: in the space of normalised images, or, for a network that takes
/// other values, turned into pixels and normalised as it takes them.
/// </summary>
internal abstract class NoiseSource : IImageSource
{
    private readonly NoiseScale _scale;

    /// <summary>Noise of this shape.</summary>
    /// <param name="channels">Colour planes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="normalization">How the network's images are normalised; null is ImageNet's.</param>
    /// <exception cref="ArgumentException">One of them is not positive, or the normalisation is for other channels.</exception>
    protected NoiseSource(int channels, int height, int width, Normalization? normalization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Channels, Height, Width) = (channels, height, width);
        _scale = new(normalization, channels);
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
        _scale.Apply(image, ArePixels);
        return drawn.Index;
    }

    /// <summary>Whether all values are to be such as pixels can have.</summary>
    private protected abstract bool ArePixels { get; }

    /// <summary>Fills an image, [channels, height, width], from <paramref name="generator"/> alone.</summary>
    private protected abstract void Write(SplitMix64 generator, Span<float> image);
}

/// <summary>Inputs that a fit without data distils on (paper, section 4.4).</summary>
public enum NoiseKind
{
    /// <summary>No noise: images.</summary>
    None,
    /// <summary>Every value uniform in [-1, 1): <see cref="UniformNoise"/>.</summary>
    Uniform,
    /// <summary>With the spectrum of natural pictures: <see cref="FractalNoise"/>.</summary>
    Fractal,
}
