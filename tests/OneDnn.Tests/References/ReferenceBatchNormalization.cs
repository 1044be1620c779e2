namespace Nern.OneDnn.Tests.References;

/// <summary>Batch normalisation in float64: (x - mean) / sqrt(variance + epsilon) · scale + shift, channel by channel.</summary>
internal static class ReferenceBatchNormalization
{
    /// <summary>Mean and (biased) variance of each channel.</summary>
    internal static (double[] Mean, double[] Variance) Statistics(Volume source)
    {
        var mean = PerChannel(source, (_, value) => value, source.Samples * source.Height * source.Width);
        var variance = PerChannel(
            source, (channel, value) => (value - mean[channel]) * (value - mean[channel]), source.Samples * source.Height * source.Width);
        return (mean, variance);
    }

    internal static Volume Forward(
        Volume source, double[] mean, double[] variance, double[] scale, double[] shift, double epsilon)
    {
        var normalised = Normalised(source, mean, variance, epsilon);
        return source.With([.. normalised.Select((value, i) => (value * scale[Channel(source, i)]) + shift[Channel(source, i)])]);
    }

    /// <summary>
    /// The gradients. With <paramref name="fromBatch"/> the statistics are the batch's own, so that every element also moves them.
    /// </summary>
    internal static (Volume Source, double[] Scale, double[] Shift) Backward(
        Volume source, Volume gradient, double[] mean, double[] variance, double[] scale, double epsilon, bool fromBatch)
    {
        var normalised = Normalised(source, mean, variance, epsilon);
        var shift = PerChannel(gradient, (_, value) => value, 1);
        var product = gradient.With([.. gradient.Values.Select((value, i) => value * normalised[i])]);
        var scaleGradient = PerChannel(product, (_, value) => value, 1);
        double count = source.Samples * source.Height * source.Width;
        var result = source.Like();
        for (var i = 0; i < result.Values.Length; i++)
        {
            var c = Channel(source, i);
            var throughStatistics = fromBatch ? (shift[c] + (normalised[i] * scaleGradient[c])) / count : 0;
            result.Values[i] = scale[c] / Math.Sqrt(variance[c] + epsilon) * (gradient.Values[i] - throughStatistics);
        }
        return (result, scaleGradient, shift);
    }

    private static double[] Normalised(Volume source, double[] mean, double[] variance, double epsilon) =>
        [.. source.Values.Select((value, i) =>
            (value - mean[Channel(source, i)]) / Math.Sqrt(variance[Channel(source, i)] + epsilon))];

    private static double[] PerChannel(Volume volume, Func<int, double, double> term, double divisor)
    {
        var sums = new double[volume.Channels];
        for (var i = 0; i < volume.Values.Length; i++)
            sums[Channel(volume, i)] += term(Channel(volume, i), volume.Values[i]) / divisor;
        return sums;
    }

    private static int Channel(Volume volume, int index) => index / (volume.Height * volume.Width) % volume.Channels;
}
