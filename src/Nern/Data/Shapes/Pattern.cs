namespace Nern.Data.Shapes;

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
