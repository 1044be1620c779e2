namespace Nern.OneDnn.Tests.References;

/// <summary>
/// Convolution in float64, term by term. Weights are [filters, channels / groups, height, width]. Every product pairs one
/// element of the source with one of the weights for one of the destination; the passes differ in which of them receives.
/// </summary>
internal static class ReferenceConvolution
{
    private delegate void Term(int source, int weight, int destination);

    internal static Volume Forward(Volume source, Volume weights, double[]? bias, Window window, int groups = 1)
    {
        var (height, width) = Sizes(source, weights.Height, weights.Width, window);
        var result = new Volume(source.Samples, weights.Samples, height, width);
        if (bias is not null)
            for (var i = 0; i < result.Values.Length; i++)
                result.Values[i] = bias[i / (height * width) % weights.Samples];
        ForEachTerm(source, weights, result, window, groups, (s, w, d) => result.Values[d] += source.Values[s] * weights.Values[w]);
        return result;
    }

    internal static Volume BackwardData(Volume source, Volume weights, Volume gradient, Window window, int groups = 1)
    {
        var result = source.Like();
        ForEachTerm(source, weights, gradient, window, groups, (s, w, d) => result.Values[s] += gradient.Values[d] * weights.Values[w]);
        return result;
    }

    internal static Volume BackwardWeights(Volume source, Volume weights, Volume gradient, Window window, int groups = 1)
    {
        var result = weights.Like();
        ForEachTerm(source, weights, gradient, window, groups, (s, w, d) => result.Values[w] += gradient.Values[d] * source.Values[s]);
        return result;
    }

    internal static double[] BackwardBias(Volume gradient)
    {
        var result = new double[gradient.Channels];
        for (var i = 0; i < gradient.Values.Length; i++)
            result[i / (gradient.Height * gradient.Width) % gradient.Channels] += gradient.Values[i];
        return result;
    }

    /// <summary>Rows and columns a window leaves of an image.</summary>
    internal static (int Height, int Width) Sizes(Volume source, int kernelY, int kernelX, Window window) => (
        ((source.Height + window.Top + window.Bottom - (window.DilationY * (kernelY - 1)) - 1) / window.StrideY) + 1,
        ((source.Width + window.Left + window.Right - (window.DilationX * (kernelX - 1)) - 1) / window.StrideX) + 1);

    private static void ForEachTerm(Volume source, Volume weights, Volume destination, Window window, int groups, Term term)
    {
        var filtersOfGroup = weights.Samples / groups;
        int sourceWidth = source.Width, destinationWidth = destination.Width;
        for (var n = 0; n < destination.Samples; n++)
            for (var f = 0; f < weights.Samples; f++)
                for (var c = 0; c < weights.Channels; c++)
                    for (var ky = 0; ky < weights.Height; ky++)
                        for (var kx = 0; kx < weights.Width; kx++)
                            for (var y = 0; y < destination.Height; y++)
                            {
                                var row = (y * window.StrideY) - window.Top + (ky * window.DilationY);
                                if (row < 0 || row >= source.Height)
                                    continue;
                                var weight = weights.At(f, c, ky, kx);
                                var sourceRow = source.At(n, (f / filtersOfGroup * weights.Channels) + c, row, 0);
                                var destinationRow = destination.At(n, f, y, 0);
                                var column = (kx * window.DilationX) - window.Left;
                                for (var x = 0; x < destinationWidth; x++, column += window.StrideX)
                                    if (column >= 0 && column < sourceWidth)
                                        term(sourceRow + column, weight, destinationRow + x);
                            }
    }
}
