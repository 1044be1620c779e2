namespace Nern.Data.Shapes;

/// <summary>Something that can be painted: a region of the picture, known by its signed distance.</summary>
internal interface IForm
{
    /// <summary>How far (x, y) is outside the region, in pixels; below zero within. It need only be right near the edge.</summary>
    float Distance(float x, float y);
}
