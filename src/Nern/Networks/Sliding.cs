
namespace Nern.Networks;

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
