using Nern.Data;
using Nern.Fitting;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What a fit distils on.</summary>
internal static class ImageOptions
{
    internal static OptionEntryGroup<FitOptions> Group { get; } = new("Images",
    [
        FitOption.Of(o => o.Noise, (o, value) => o with { Noise = value },
            Choice<NoiseKind>() with { Bare = ChoiceNames.Of(NoiseKind.Fractal) },
            "Distil on noise instead of images: uniform as in the paper, or fractal (so if no kind is named), which has the spectrum of pictures; "
            + "images are then only tested with.",
            why: "Images, where there are any, give the better reconstruction; fractal noise comes close (docs/recipe.md).",
            paper: "4.4"),
    ]);
}
