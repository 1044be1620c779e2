namespace Nern.Networks;

/// <summary>How a kernel slides over an image: strides, dilations and zero padding, vertical before horizontal.</summary>
/// <param name="StrideY">Rows between two positions.</param>
/// <param name="StrideX">Columns between two positions.</param>
/// <param name="Top">Padding rows above.</param>
/// <param name="Left">Padding columns on the left.</param>
/// <param name="Bottom">Padding rows below.</param>
/// <param name="Right">Padding columns on the right.</param>
/// <param name="DilationY">Rows from one kernel element to the next (1 is a dense kernel).</param>
/// <param name="DilationX">Columns from one kernel element to the next.</param>
public readonly record struct Window(
    int StrideY, int StrideX, int Top, int Left, int Bottom, int Right, int DilationY = 1, int DilationX = 1)
{
    /// <summary>The same stride and padding in all directions.</summary>
    public static Window Square(int stride, int padding) => new(stride, stride, padding, padding, padding, padding);
}

/// <summary>What a pooling makes of the values under its kernel.</summary>
public enum PoolingKind
{
    /// <summary>The largest.</summary>
    Maximum,
    /// <summary>The mean over the whole kernel, padding counted as zeros.</summary>
    AverageWithPadding,
    /// <summary>The mean over the values inside the image.</summary>
    AverageWithoutPadding,
}
