namespace Nern.Data.Shapes;

/// <summary>A line with round ends: what pictures are cluttered with, for no class is made of it.</summary>
internal readonly struct Stroke : IForm
{
    private readonly float _x, _y, _alongX, _alongY, _length, _halfWidth;

    /// <summary>A stroke through a random place, at a random angle.</summary>
    internal Stroke(ref SplitMix64 random, float length, float halfWidth)
    {
        (_length, _halfWidth) = (length, halfWidth);
        (_alongX, _alongY) = random.NextDirection();
        _x = random.NextSingle(0, ShapeImages.Side) - (_alongX * length / 2);
        _y = random.NextSingle(0, ShapeImages.Side) - (_alongY * length / 2);
    }

    /// <inheritdoc/>
    public float Distance(float x, float y)
    {
        var (dx, dy) = (x - _x, y - _y);
        var along = Math.Clamp((dx * _alongX) + (dy * _alongY), 0, _length);
        return Plane.Length(dx - (along * _alongX), dy - (along * _alongY)) - _halfWidth;
    }
}
