using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>
/// How a picture is brought to the size a network takes: one of that size stays as it is, of one that is up to a quarter larger the
/// middle is cut out, and of any other the shorter side is resized first (torchvision's Resize and CenterCrop).
/// </summary>
/// <param name="Width">Columns the picture is resized to.</param>
/// <param name="Height">Rows the picture is resized to.</param>
/// <param name="Window">What is wanted of that.</param>
/// <param name="IsResized">Whether that is another size than its own, or one that was asked for.</param>
internal readonly record struct Frame(int Width, int Height, Box Window, bool IsResized)
{
    /// <summary>The frame of a picture.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="wanted">The size of the result.</param>
    /// <param name="resize">
    /// What the shorter side is to be resized to in any case, at least as long as the result's sides; null where nothing is asked for.
    /// </param>
    internal static Frame Of(int width, int height, ImageShape wanted, int? resize)
    {
        var isResized = resize is not null || !IsNearly(width, wanted.Width) || !IsNearly(height, wanted.Height);
        var side = resize ?? UsualSide(wanted);
        var (across, down) = !isResized ? (width, height)
            : width <= height ? (side, Longer(side, height, width))
            : (Longer(side, width, height), side);
        return new(across, down, new(Middle(across, wanted.Width), Middle(down, wanted.Height), wanted.Width, wanted.Height), isResized);
    }

    /// <summary>What the shorter side is resized to where nothing is asked for: 256 for 224, as is usual, and in proportion.</summary>
    internal static int UsualSide(ImageShape wanted) =>
        (int)Math.Round(Math.Max(wanted.Height, wanted.Width) * 256.0 / 224, MidpointRounding.AwayFromZero);

    /// <summary>Whether a side is as long as is wanted, or up to a quarter longer.</summary>
    private static bool IsNearly(int side, int wanted) => side >= wanted && 4L * side <= 5L * wanted;

    // The longer side is cut to whole pixels.
    private static int Longer(int side, int longer, int shorter) => (int)Math.Min(int.MaxValue, (long)side * longer / shorter);

    // Half of a pixel goes to the even side, as Python rounds.
    private static int Middle(int length, int part) => (int)Math.Round((length - part) / 2.0, MidpointRounding.ToEven);
}
