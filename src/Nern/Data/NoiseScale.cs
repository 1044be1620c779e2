using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// How noise of about zero mean and unit variance becomes what a network takes. Where images are normalised by statistics of their own,
/// that is what they have, so the noise is an input as it is. Networks that take other values (0 to 255, -1 to 1, Caffe's) would see
/// next to nothing of it: for them it is turned into pixels by ImageNet's statistics, and these are normalised.
/// </summary>
internal sealed class NoiseScale
{
    // Less than any photographs have; networks from Caffe have 1/255.
    private const float LeastDeviation = 0.05f;

    private readonly (float Factor, float Offset, float Low, float High)[] _channels;

    /// <param name="normalization">The network's; null is ImageNet's.</param>
    /// <param name="channels">Channels of an input.</param>
    internal NoiseScale(Normalization? normalization, int channels)
    {
        var usual = Normalization.ImageNet.For(channels);
        var own = normalization ?? usual;
        own.CheckChannels(channels);
        var isUsual = Enumerable.Range(0, channels)
            .All(channel => AreOfImages(own.Mean[channel] / own.Range, own.Std[channel] / own.Range));
        _channels = [.. Enumerable.Range(0, channels).Select(channel =>
        {
            var (mean, std) = (own.Mean[channel], own.Std[channel]);
            var (from, by) = isUsual
                ? (mean / own.Range, std / own.Range)
                : (usual.Mean[own.PlaneOf(channel)], usual.Std[own.PlaneOf(channel)]);
            var (factor, offset) = isUsual ? (1, 0) : (by * own.Range / std, ((from * own.Range) - mean) / std);
            return (factor, offset, -from / by, (1 - from) / by);
        })];
    }

    /// <summary>Makes an input of noise.</summary>
    /// <param name="image">The noise, [channels, height, width].</param>
    /// <param name="isClamped">Whether what no pixel can be becomes the darkest or the brightest one.</param>
    internal void Apply(Span<float> image, bool isClamped)
    {
        var area = image.Length / _channels.Length;
        for (var channel = 0; channel < _channels.Length; channel++)
        {
            var (factor, offset, low, high) = _channels[channel];
            foreach (ref var value in image.Slice(channel * area, area))
                value = (factor * (isClamped ? Math.Clamp(value, low, high) : value)) + offset;
        }
    }

    // No values in [0, 1] of that mean deviate more than those that are 0 or 1 only.
    private static bool AreOfImages(float mean, float std) => mean is > 0 and < 1 && std >= LeastDeviation && std * std < mean * (1 - mean);
}
