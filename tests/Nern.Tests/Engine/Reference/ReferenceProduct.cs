using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Reference;

/// <summary>The product of two values in float64; one may have a single channel, row or column for all of the other's.</summary>
internal static class ReferenceProduct
{
    internal static Volume Forward(Volume first, Volume second)
    {
        var result = (first.Values.Length >= second.Values.Length ? first : second).Like();
        ForEach(result, (n, c, y, x) => result[n, c, y, x] = At(first, n, c, y, x) * At(second, n, c, y, x));
        return result;
    }

    internal static Volume[] Backward(Volume first, Volume second, Volume gradient)
    {
        var (ofFirst, ofSecond) = (first.Like(), second.Like());
        ForEach(gradient, (n, c, y, x) =>
        {
            At(ofFirst, n, c, y, x) += gradient[n, c, y, x] * At(second, n, c, y, x);
            At(ofSecond, n, c, y, x) += gradient[n, c, y, x] * At(first, n, c, y, x);
        });
        return [ofFirst, ofSecond];
    }

    private static ref double At(Volume volume, int n, int c, int y, int x) =>
        ref volume[n, Math.Min(c, volume.Channels - 1), Math.Min(y, volume.Height - 1), Math.Min(x, volume.Width - 1)];

    private static void ForEach(Volume volume, Action<int, int, int, int> visit)
    {
        for (var n = 0; n < volume.Samples; n++)
            for (var c = 0; c < volume.Channels; c++)
                for (var y = 0; y < volume.Height; y++)
                    for (var x = 0; x < volume.Width; x++)
                        visit(n, c, y, x);
    }
}
