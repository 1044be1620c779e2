using Nern.Data;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>What a fit distils on.</summary>
internal static class ImageOptions
{
    internal static FitOptionGroup Group { get; } = new("Images",
    [
        FitOption.Of(o => o.Noise, (o, value) => o with { Noise = value },
            Choice<NoiseKind>() with { Bare = ChoiceNames.Of(NoiseKind.Uniform) },
            "Distil on noise instead of images, uniform if no kind is named; images are then only tested with.",
            why: "Images, where there are any, give the better reconstruction.",
            paper: "4.4"),
    ]);
}
