using Nern.OneDnn;

namespace Nern.Networks;

/// <summary>The arithmetic of sliding windows.</summary>
internal static class Sliding
{
    /// <summary>Rows and columns of positions a window takes; not positive where it fits nowhere.</summary>
    internal static (int Height, int Width) Infer(ImageShape input, int kernelHeight, int kernelWidth, Window window) =>
        (Positions(input.Height + window.Top + window.Bottom, kernelHeight, window.StrideY, window.DilationY),
            Positions(input.Width + window.Left + window.Right, kernelWidth, window.StrideX, window.DilationX));

    private static int Positions(int extent, int kernel, int stride, int dilation)
    {
        var room = extent - (dilation * (kernel - 1)) - 1;
        return stride < 1 || dilation < 1 || kernel < 1 || room < 0 ? 0 : (room / stride) + 1;
    }
}
