namespace Nern.Data;

/// <summary>The paper's noise (section 4.4): every value uniform in [-1, 1).</summary>
/// <param name="channels">Colour planes.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
internal sealed class UniformNoise(int channels, int height, int width) : NoiseSource(channels, height, width)
{
    private const float Scale = 1f / (1 << 23);

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
