using Nern.Data;
using Nern.Networks;

namespace Nern.Fitting;

/// <summary>What a fit distils, chooses and evaluates on. No labels are used but to print the accuracy on test images.</summary>
public sealed class FitInputs
{
    // Of few images set aside each is seen whole and, so long as there is room, cropped and mirrored like those that are distilled on.
    private const int Views = 4;

    // They are all held in memory: of large images fewer, as many as take 64 MB.
    private static int ValidationCount(int imageLength) => Math.Clamp((16 << 20) / imageLength, 64, 512);

    internal FitInputs(
        IImageSource? images, ReadOnlyMemory<float> validation, LabelledImages? test, Normalization? normalization,
        NoiseKind noise = NoiseKind.None)
    {
        Noise = noise;
        Images = images;
        Validation = validation;
        Test = test;
        Normalization = normalization;
    }

    /// <summary>Inputs to distil on, or null.</summary>
    public IImageSource? Images { get; }

    /// <summary>Which noise <see cref="Images"/> are, if they are.</summary>
    public NoiseKind Noise { get; }

    /// <summary>Inputs set aside, [images, channels, height, width], on which the best reconstruction is chosen.</summary>
    public ReadOnlyMemory<float> Validation { get; }

    /// <summary>Test images, for accuracies that are printed and nothing else.</summary>
    public LabelledImages? Test { get; }

    /// <summary>How images are normalised.</summary>
    public Normalization? Normalization { get; }

    /// <summary>
    /// Training images, flipped and cropped at random. Some of them (512, fewer of large ones, an eighth where they are few) are set
    /// aside to choose the best reconstruction by; where they are fewer, changed in the same way too.
    /// </summary>
    public static FitInputs FromImages(LabelledImages train, Normalization normalization, LabelledImages? test = null)
    {
        var most = ValidationCount(train.ImageLength);
        var count = Math.Min(most, train.Count / 8);
        if (count == 0)
            throw new NernException($"A fit on images needs at least 8 of them; got {train.Count}.");
        var (kept, aside) = train.SetAside(count);
        return new(kept.Augmented(normalization), Seen(aside, Math.Min(most, Views * count), normalization), test, normalization);
    }

    /// <summary>Noise: no data is needed (paper, section 4.4).</summary>
    /// <param name="shape">The shape of the network's input.</param>
    /// <param name="kind">Which noise.</param>
    /// <param name="test">Test images, for accuracies that are printed and nothing else.</param>
    /// <param name="normalization">How the network's images are normalised, so what values it takes; null is ImageNet's.</param>
    public static FitInputs FromNoise(
        ImageShape shape, NoiseKind kind = NoiseKind.Uniform, LabelledImages? test = null, Normalization? normalization = null)
    {
        IImageSource noise = kind switch
        {
            NoiseKind.Uniform => new UniformNoise(shape.Channels, shape.Height, shape.Width, normalization),
            NoiseKind.Fractal => new FractalNoise(shape.Channels, shape.Height, shape.Width, normalization),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kind of noise."),
        };
        var count = ValidationCount(shape.Count);
        var validation = new float[count * shape.Count];
        noise.Fill(validation, count, new Generator(ValidationSeed));
        return new(noise, validation, test, normalization, kind);
    }

    /// <summary><paramref name="options"/> as a file records them: with the noise that is distilled on, where they leave it open.</summary>
    /// <exception cref="NernException">They ask for other noise than these inputs are.</exception>
    internal FitOptions Record(FitOptions options)
    {
        if (options.Inputs.Noise is not NoiseKind.None and var noise && noise != Noise)
            throw new NernException($"The options ask for {noise} noise; the inputs are {(Noise == NoiseKind.None ? "images" : $"{Noise} noise")}.");
        return options.Objective.Weights.Distils ? options with { Inputs = options.Inputs with { Noise = Noise } } : options;
    }

    private static float[] Seen(LabelledImages images, int count, Normalization normalization)
    {
        var whole = images.ReadAll(normalization);
        var read = whole.Length / images.ImageLength;
        if (read >= count)
            return whole;
        Array.Resize(ref whole, count * images.ImageLength);
        images.Augmented(normalization).Fill(whole.AsSpan(read * images.ImageLength), count - read, new Generator(ValidationSeed));
        return whole;
    }

    // Any number: it only has to be another stream than the fit's.
    private const ulong ValidationSeed = 0x4E65524E;
}
