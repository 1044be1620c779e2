using Nern.Networks;

namespace Nern.Data;

/// <summary>The built-in pictures, <see cref="ShapeImages"/>: <c>shapes</c>.</summary>
public sealed class ShapeSource : DataSource
{
    internal ShapeSource()
        : base(ShapeImages.Train, ShapeImages.Test)
    {
    }

    /// <inheritdoc/>
    public override Normalization DefaultNormalization => ShapeImages.Normalization;

    /// <inheritdoc/>
    public override DataSource From(string folder) => this;

    /// <inheritdoc/>
    public override string ToString() => "shapes";
}
