namespace Nern.OneDnn.Tests.References;

/// <summary>Pooling in float64: each element of the result is a weighted sum of the elements under its window.</summary>
internal static class ReferencePooling
{
    private delegate void Share(int source, int destination, double factor);

    internal static Volume Forward(Volume source, PoolingKind kind, int kernelY, int kernelX, Window window)
    {
        var (height, width) = ReferenceConvolution.Sizes(source, kernelY, kernelX, window);
        var result = new Volume(source.Samples, source.Channels, height, width);
        ForEachShare(source, result, kind, kernelY, kernelX, window, (s, d, factor) => result.Values[d] += factor * source.Values[s]);
        return result;
    }

    internal static Volume Backward(Volume source, Volume gradient, PoolingKind kind, int kernelY, int kernelX, Window window)
    {
        var result = source.Like();
        ForEachShare(source, gradient, kind, kernelY, kernelX, window, (s, d, factor) => result.Values[s] += factor * gradient.Values[d]);
        return result;
    }

    private static void ForEachShare(
        Volume source, Volume destination, PoolingKind kind, int kernelY, int kernelX, Window window, Share share)
    {
        var inside = new List<int>();
        for (var n = 0; n < destination.Samples; n++)
            for (var c = 0; c < destination.Channels; c++)
                for (var y = 0; y < destination.Height; y++)
                    for (var x = 0; x < destination.Width; x++)
                    {
                        inside.Clear();
                        for (var ky = 0; ky < kernelY; ky++)
                            for (var kx = 0; kx < kernelX; kx++)
                            {
                                var row = (y * window.StrideY) - window.Top + (ky * window.DilationY);
                                var column = (x * window.StrideX) - window.Left + (kx * window.DilationX);
                                if (row >= 0 && row < source.Height && column >= 0 && column < source.Width)
                                    inside.Add(source.At(n, c, row, column));
                            }
                        var at = destination.At(n, c, y, x);
                        if (kind == PoolingKind.Maximum)
                            share(inside.MaxBy(i => source.Values[i]), at, 1);
                        else
                            foreach (var i in inside)
                                share(i, at, 1.0 / (kind == PoolingKind.AverageWithPadding ? kernelY * kernelX : inside.Count));
                    }
    }
}
