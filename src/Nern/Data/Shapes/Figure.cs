namespace Nern.Data.Shapes;

/// <summary>What a picture is of: an outline or a patch of a pattern, at a random place, of random size, angle and proportions.</summary>
internal readonly struct Figure : IForm
{
    private readonly ShapeKind _kind;
    private readonly float _x, _y, _alongX, _alongY, _radius, _stretch, _variation, _period;

    internal Figure(ShapeKind kind, ref SplitMix64 random)
    {
        _kind = kind;
        // Both of pixels. A pattern needs room to repeat; its smallest periods are about what 32 x 32 pixels can still show.
        _radius = kind < ShapeKind.Stripes ? random.NextSingle(5, 11) : random.NextSingle(7, 13);
        _period = random.NextSingle(3.6f, 7);
        _variation = random.NextSingle();
        _stretch = random.NextSingle(0.85f, 1.18f);
        (_alongX, _alongY) = random.NextDirection();
        var margin = MathF.Min(_radius, 12);
        _x = random.NextSingle(margin, ShapeImages.Side - margin);
        _y = random.NextSingle(margin, ShapeImages.Side - margin);
    }

    /// <inheritdoc/>
    public float Distance(float x, float y)
    {
        var (dx, dy) = (x - _x, y - _y);
        var right = ((dx * _alongX) + (dy * _alongY)) * _stretch;
        var up = ((dy * _alongX) - (dx * _alongY)) / _stretch;
        return _kind < ShapeKind.Stripes
            ? _radius * OutlineAt(right / _radius, up / _radius)
            : MathF.Max(
                _radius * Outline.Square(right / _radius, up / _radius, _variation), _period * PatternAt(right / _period, up / _period));
    }

    private float OutlineAt(float x, float y) => _kind switch
    {
        ShapeKind.Disc => Outline.Disc(x, y),
        ShapeKind.Ring => Outline.Ring(x, y, _variation),
        ShapeKind.Square => Outline.Square(x, y, _variation),
        ShapeKind.Hexagon => Outline.Hexagon(x, y),
        ShapeKind.Triangle => Outline.Triangle(x, y),
        ShapeKind.Star => Outline.Star(x, y, _variation),
        _ => Outline.Cross(x, y, _variation),
    };

    private float PatternAt(float x, float y) => _kind switch
    {
        ShapeKind.Stripes => Pattern.Stripes(x),
        // A check is half as wide as its period.
        ShapeKind.Checks => Pattern.Checks(x * 2, y * 2) / 2,
        _ => Pattern.Dots(x, y),
    };
}

/// <summary>Something that can be painted: a region of the picture, known by its signed distance.</summary>
internal interface IForm
{
    /// <summary>How far (x, y) is outside the region, in pixels; below zero within. It need only be right near the edge.</summary>
    float Distance(float x, float y);
}

/// <summary>What a built-in picture shows: seven outlines, then three patterns. The order is that of the labels.</summary>
internal enum ShapeKind
{
    Disc,
    Ring,
    Square,
    Hexagon,
    Triangle,
    Star,
    Cross,
    Stripes,
    Checks,
    Dots,
}
