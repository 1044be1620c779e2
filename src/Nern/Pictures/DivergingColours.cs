namespace Nern.Pictures;

/// <summary>Colours for numbers on both sides of zero: blue below, white at zero, red above.</summary>
/// <param name="limit">The absolute value from which on colours no longer change; above zero.</param>
internal readonly struct DivergingColours(float limit)
{
    private static readonly byte[] Below = [5, 60, 130];
    private static readonly byte[] Above = [150, 10, 35];

    /// <summary>Writes the colour of <paramref name="value"/>, [3]; one that is no number is grey.</summary>
    internal void Write(float value, Span<byte> colour)
    {
        if (float.IsNaN(value))
        {
            colour.Fill(128);
            return;
        }
        var part = Math.Clamp(value / limit, -1, 1);
        var end = part < 0 ? Below : Above;
        for (var channel = 0; channel < 3; channel++)
            colour[channel] = (byte)(255.5f + ((end[channel] - 255) * MathF.Abs(part)));
    }
}
