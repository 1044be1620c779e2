namespace Nern.Data.Shapes;

/// <summary>
/// Lengths and random directions. The pictures are made of sums, products, quotients and roots alone, which every platform rounds
/// alike; sines, exponentials and fused products would not give the same bytes everywhere.
/// </summary>
internal static class Plane
{
    internal static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    /// <summary>Uniform in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    internal static float NextSingle(this ref SplitMix64 random, float minimum, float maximum) =>
        minimum + ((maximum - minimum) * random.NextSingle());

    /// <summary>A unit vector at any angle: points of a square are drawn until one lies in the disc, away from its middle.</summary>
    internal static (float X, float Y) NextDirection(this ref SplitMix64 random)
    {
        while (true)
        {
            var (x, y) = (random.NextSingle(-1, 1), random.NextSingle(-1, 1));
            var length = Length(x, y);
            if (length is > 0.1f and < 1)
                return (x / length, y / length);
        }
    }
}
