using Nern.Data;
using Nern.Options;

namespace Nern.Fitting;

/// <summary>What a fit distils on.</summary>
public sealed record InputOptions
{
    /// <summary>
    /// The noise that is distilled on instead of images (paper, section 4.4). <see cref="FitInputs"/> are made of it: a fit refuses others,
    /// and
    /// takes their noise over where none is named here.
    /// </summary>
    [Option(
        "Distil on noise instead of images: uniform as in the paper, or fractal (so if no kind is named), which has the spectrum of pictures; "
        + "images are then only tested with.",
        "Images, where there are any, give the better reconstruction; fractal noise comes close (docs/recipe.md).",
        Paper = "4.4", Bare = NoiseKind.Fractal)]
    public NoiseKind Noise { get; init; }

    /// <summary>Images a step distils on.</summary>
    [Option(
        "Images a step distils on.", "Four times as many steps of 64 get further in the same time than the paper's 256.", From = 1,
        To = 65536)]
    public int Batch { get; init; } = 64;
}
