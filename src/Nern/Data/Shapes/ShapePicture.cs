using System.Numerics;

namespace Nern.Data.Shapes;

/// <summary>How a picture comes about: a ground, smudges, the figure, lines across it, light and noise.</summary>
internal static class ShapePicture
{
    // Apart enough to be seen through the noise, near enough that some pictures are hard.
    private const float LeastContrast = 0.3f;

    /// <summary>Paints a picture of <paramref name="kind"/> from <paramref name="random"/> alone.</summary>
    /// <param name="kind">What it shows.</param>
    /// <param name="random">Where all that differs between pictures comes from.</param>
    /// <param name="planes">Receives [3, side, side].</param>
    internal static void Paint(ShapeKind kind, SplitMix64 random, Span<byte> planes)
    {
        var canvas = new Canvas(stackalloc Vector3[ShapeImages.Side * ShapeImages.Side]);
        var ground = Canvas.NextColour(ref random);
        canvas.PaintGround(ground, random.NextSingle(0.05f, 0.4f), ref random);
        for (var smudges = random.NextInt32(4); smudges > 0; smudges--)
            canvas.Paint(
                new Stroke(ref random, random.NextSingle(2, 10), random.NextSingle(1, 3)), Canvas.NextColour(ref random),
                random.NextSingle(3, 6));
        canvas.Paint(new Figure(kind, ref random), NextInk(ground, ref random), random.NextSingle(1, 2.2f));
        for (var lines = random.NextInt32(4); lines > 0; lines--)
            canvas.Paint(
                new Stroke(ref random, random.NextSingle(5, 22), random.NextSingle(0.3f, 0.9f)), Canvas.NextColour(ref random), 1);
        canvas.Light(random.NextSingle(0, 0.35f), ref random);
        canvas.Write(planes, random.NextSingle(0.02f, 0.13f), ref random);
    }

    private static Vector3 NextInk(Vector3 ground, ref SplitMix64 random)
    {
        while (true)
        {
            var ink = Canvas.NextColour(ref random);
            var apart = ink - ground;
            if ((apart.X * apart.X) + (apart.Y * apart.Y) + (apart.Z * apart.Z) >= LeastContrast * LeastContrast)
                return ink;
        }
    }
}

/// <summary>The three patterns as signed distances; they repeat after 1 in both directions (checks after 2).</summary>
internal static class Pattern
{
    internal static float Stripes(float x) => MathF.Abs(FromMiddle(x)) - 0.25f;

    internal static float Checks(float x, float y)
    {
        var edge = 0.5f - MathF.Max(MathF.Abs(FromMiddle(x)), MathF.Abs(FromMiddle(y)));
        var odd = ((int)MathF.Floor(x) + (int)MathF.Floor(y)) % 2 != 0;
        return odd ? edge : -edge;
    }

    internal static float Dots(float x, float y) => Plane.Length(FromMiddle(x), FromMiddle(y)) - 0.34f;

    /// <summary>From the middle of its cell, -1/2 to 1/2.</summary>
    private static float FromMiddle(float value) => value - MathF.Floor(value) - 0.5f;
}
