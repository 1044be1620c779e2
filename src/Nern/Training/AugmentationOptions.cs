using Nern.Options;

namespace Nern.Training;

/// <summary>How training images are altered at random.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Whether half of the images are mirrored left to right.</summary>
    [Option("Whether half of the images are mirrored left to right.", "As is usual for CIFAR.")]
    public bool Flip { get; init; } = true;

    /// <summary>
    /// Black pixels added on each side before a crop at random; 0 for no crop. Images of a folder that are resized are cropped to parts
    /// of any size, unless it is 0.
    /// </summary>
    [Option(
        "Black pixels added on each side before a crop at random; 0 for no crop. Images of a folder that are resized are cropped to parts "
        + "of any size, unless it is 0.",
        "As is usual for CIFAR; parts of 8 to 100 % of an image are usual for ImageNet.", From = 0, To = 1024)]
    public int Crop { get; init; } = 4;
}
