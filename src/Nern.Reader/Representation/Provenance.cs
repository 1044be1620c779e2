using System.Text.Json.Nodes;
using Nern.Networks;

namespace Nern.Representation;

/// <summary>Where a representation comes from. It holds no time and no path, so that equal fits make equal files.</summary>
/// <param name="Source">The original's file.</param>
/// <param name="Mean">The channel means its images are normalised with.</param>
/// <param name="Std">The channel deviations its images are normalised with.</param>
/// <param name="Options">The options of the fit, by name.</param>
/// <param name="Range">What a pixel of 255 is before the mean is taken off; null is 1.</param>
/// <param name="Channels">The order in which the network takes the colours; null is red, green, blue.</param>
public sealed record Provenance(
    NetworkSource? Source = null, IReadOnlyList<float>? Mean = null, IReadOnlyList<float>? Std = null, JsonObject? Options = null,
    float? Range = null, ChannelOrder? Channels = null)
{
    /// <summary>How its images are normalised, if that is known.</summary>
    /// <exception cref="NernException">A value cannot be used.</exception>
    public Normalization? Normalization =>
        Mean is null || Std is null ? null : new(Mean, Std, Range ?? 1, Channels ?? ChannelOrder.Rgb);

    /// <summary>What is known of a fit; what is usual is left out.</summary>
    internal static Provenance Of(NetworkSource? source, Normalization? normalization, JsonObject options) => new(
        source, normalization?.Mean, normalization?.Std, options,
        normalization is { Range: not 1 and var range } ? range : null,
        normalization is { Order: not ChannelOrder.Rgb and var order } ? order : null);
}
