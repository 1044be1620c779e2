namespace Nern.Data.Shapes;

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
