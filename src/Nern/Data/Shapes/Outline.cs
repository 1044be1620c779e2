namespace Nern.Data.Shapes;

/// <summary>
/// The seven outlines as signed distances, around the origin and of about the same area, so that size tells nothing. What an outline
/// may vary in (a rounding, a thickness) is given by a number from 0 to 1.
/// </summary>
internal static class Outline
{
    private const float Sin36 = 0.58778525f, Cos36 = 0.80901699f, Sin60 = 0.8660254f, Sin72 = 0.95105652f, Cos72 = 0.30901699f;

    internal static float Disc(float x, float y) => Plane.Length(x, y) - 0.9f;

    internal static float Ring(float x, float y, float variation)
    {
        var thickness = 0.25f + (0.15f * variation);
        return MathF.Abs(Plane.Length(x, y) - (1 - thickness)) - thickness;
    }

    internal static float Square(float x, float y, float variation)
    {
        var rounding = 0.3f * variation;
        var (right, up) = (MathF.Abs(x) - (0.8f - rounding), MathF.Abs(y) - (0.8f - rounding));
        return Plane.Length(MathF.Max(right, 0), MathF.Max(up, 0)) + MathF.Min(MathF.Max(right, up), 0) - rounding;
    }

    internal static float Hexagon(float x, float y) =>
        MathF.Max((MathF.Abs(x) * Sin60) + (MathF.Abs(y) * 0.5f), MathF.Abs(y)) - 0.86f;

    internal static float Triangle(float x, float y) =>
        MathF.Max((MathF.Abs(x) * Sin60) + (y * 0.5f), -y) - 0.65f;

    /// <summary>The plane is folded into the tenth of the star between a tip and a notch, where the outline is one line.</summary>
    internal static float Star(float x, float y, float variation)
    {
        (x, y) = Fold(MathF.Abs(x), y, -Cos72, -Sin72);
        (x, y) = Fold(x, y, Cos36, -Sin36);
        const float Tip = 1.25f;
        var notch = 0.55f + (0.2f * variation);
        var (alongX, alongY) = (notch * Sin36, (notch * Cos36) - Tip);
        return ((MathF.Abs(x) * -alongY) + ((y - Tip) * alongX)) / Plane.Length(alongX, alongY);
    }

    internal static float Cross(float x, float y, float variation)
    {
        const float Arm = 1.1f;
        var halfWidth = 0.27f + (0.17f * variation);
        var (longer, shorter) = (MathF.Max(MathF.Abs(x), MathF.Abs(y)), MathF.Min(MathF.Abs(x), MathF.Abs(y)));
        return MathF.Max(longer - Arm, shorter - halfWidth);
    }

    /// <summary>Mirrors what lies on the side that the unit vector points to.</summary>
    private static (float X, float Y) Fold(float x, float y, float normalX, float normalY)
    {
        var beyond = MathF.Max(0, (x * normalX) + (y * normalY));
        return (x - (2 * beyond * normalX), y - (2 * beyond * normalY));
    }
}
