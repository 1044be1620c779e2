using Nern.Networks;

namespace Nern.Engine.Stages;

/// <summary>A node's window and pooling in the library's terms.</summary>
internal static class LibraryWindow
{
    internal static OneDnn.Window ForLibrary(this Window window) => new(
        window.StrideY, window.StrideX, window.Top, window.Left, window.Bottom, window.Right, window.DilationY, window.DilationX);

    internal static OneDnn.PoolingKind ForLibrary(this PoolingKind kind) => kind switch
    {
        PoolingKind.Maximum => OneDnn.PoolingKind.Maximum,
        PoolingKind.AverageWithPadding => OneDnn.PoolingKind.AverageWithPadding,
        PoolingKind.AverageWithoutPadding => OneDnn.PoolingKind.AverageWithoutPadding,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kind of pooling."),
    };
}
