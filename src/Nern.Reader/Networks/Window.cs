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

/// <summary>Places along one axis: the first, how many, and how far apart.</summary>
/// <param name="Start">The first place.</param>
/// <param name="Count">How many.</param>
/// <param name="Step">From one to the next.</param>
public readonly record struct Extent(int Start, int Count, int Step = 1)
{
    /// <summary>Whether all places are on an axis of <paramref name="length"/>, and there is at least one.</summary>
    internal bool IsWithin(int length) =>
        Start >= 0 && Count > 0 && Step > 0 && Start + ((Count - 1L) * Step) < length;
}

/// <summary>The arithmetic of sliding windows.</summary>
internal static class Sliding
{
    /// <summary>Rows and columns of positions a window takes; 0 where it fits nowhere, or is no window.</summary>
    internal static (int Height, int Width) Infer(ImageShape input, int kernelHeight, int kernelWidth, Window window) =>
        (Positions(input.Height, window.Top, window.Bottom, kernelHeight, window.StrideY, window.DilationY),
            Positions(input.Width, window.Left, window.Right, kernelWidth, window.StrideX, window.DilationX));

    private static int Positions(int extent, int before, int after, int kernel, int stride, int dilation)
    {
        if (before < 0 || after < 0 || kernel < 1 || stride < 1 || dilation < 1)
            return 0;
        var room = (long)before + extent + after - (dilation * (kernel - 1L)) - 1;
        return room is < 0 or >= int.MaxValue ? 0 : (int)(room / stride) + 1;
    }
}
