using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Noise with the spectrum of natural pictures, for fitting without data: values on lattices of 1, 2, 4, … cells, interpolated and
/// summed with weights that fall with the frequency, one part common to the channels and one of each. Pictures have about zero mean
/// and unit variance, as normalised images do, and no values that pixels cannot have, but differ in brightness, contrast and
/// sharpness. Networks answer to it much more as they do to images than to white noise (docs/recipe.md).
/// </summary>
/// <param name="channels">Colour planes.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="normalization">How the network's images are normalised; null is ImageNet's.</param>
internal sealed class FractalNoise(int channels, int height, int width, Normalization? normalization = null)
    : NoiseSource(channels, height, width, normalization)
{
    private const int MostCells = 256;
    private const float Limit = 3;

    private protected override bool ArePixels => true;

    private protected override void Write(SplitMix64 generator, Span<float> image)
    {
        var area = Height * Width;
        var contrast = 0.5f + (1.5f * generator.NextSingle());
        var persistence = 0.4f + (0.5f * generator.NextSingle());
        var saturation = generator.NextSingle();
        var common = image[..area];
        common.Clear();
        AddOctaves(common, 1, persistence, ref generator);
        for (var channel = 1; channel < Channels; channel++)
            common.CopyTo(image.Slice(channel * area, area));
        for (var channel = 0; channel < Channels; channel++)
            AddOctaves(image.Slice(channel * area, area), saturation, persistence, ref generator);

        // A sum of lattices of weight p^o has the variance v (1 + p^2 + …); v is that of a uniform value, interpolated.
        var variance = InterpolatedVariance / (1 - (persistence * persistence)) * (1 + (saturation * saturation));
        var scale = contrast / MathF.Sqrt(variance);
        foreach (ref var value in image)
            value = Math.Clamp(value * scale, -Limit, Limit);
    }

    // 1/3 for a value uniform in [-1, 1), times the mean of (t^2 + (1 - t)^2)^2 over a cell, (2/3)^2.
    private const float InterpolatedVariance = 4f / 27;

    private void AddOctaves(Span<float> plane, float weight, float persistence, ref SplitMix64 generator)
    {
        for (var cells = 1; cells <= Math.Min(MostCells, Math.Max(Height, Width)); cells *= 2, weight *= persistence)
            AddLattice(plane, cells, weight, ref generator);
    }

    /// <summary>Adds random values at the corners of cells x cells, interpolated linearly between them.</summary>
    private void AddLattice(Span<float> plane, int cells, float weight, ref SplitMix64 generator)
    {
        var corners = cells + 1;
        Span<float> rows = stackalloc float[3 * corners];
        var above = rows[..corners];
        var below = rows[corners..^corners];
        var between = rows[^corners..];
        Fill(below, weight, ref generator);
        var row = -1;
        for (var y = 0; y < Height; y++)
        {
            var (cellRow, down) = Place(y, Height, cells);
            for (; row < cellRow; row++)
            {
                below.CopyTo(above);
                Fill(below, weight, ref generator);
            }
            for (var corner = 0; corner < corners; corner++)
                between[corner] = above[corner] + (down * (below[corner] - above[corner]));
            var values = plane.Slice(y * Width, Width);
            for (var x = 0; x < values.Length; x++)
            {
                var (cell, right) = Place(x, Width, cells);
                values[x] += between[cell] + (right * (between[cell + 1] - between[cell]));
            }
        }
    }

    /// <summary>The cell in which a pixel's middle lies, and how far into it.</summary>
    private static (int Cell, float Within) Place(int pixel, int pixels, int cells)
    {
        var position = (pixel + 0.5f) * cells / pixels;
        var cell = Math.Min((int)position, cells - 1);
        return (cell, position - cell);
    }

    private static void Fill(Span<float> values, float weight, ref SplitMix64 generator)
    {
        foreach (ref var value in values)
            value = weight * ((2 * generator.NextSingle()) - 1);
    }
}
