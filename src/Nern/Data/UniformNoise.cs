using Nern.Networks;

namespace Nern.Data;

/// <summary>The paper's noise (section 4.4): every value uniform in [-1, 1), where images are normalised by their statistics.</summary>
/// <param name="channels">Colour planes.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="normalization">How the network's images are normalised; null is ImageNet's.</param>
internal sealed class UniformNoise(int channels, int height, int width, Normalization? normalization = null)
    : NoiseSource(channels, height, width, normalization)
{
    private const float Scale = 1f / (1 << 23);

    private protected override bool ArePixels => false;

    private protected override void Write(SplitMix64 generator, Span<float> image)
    {
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
