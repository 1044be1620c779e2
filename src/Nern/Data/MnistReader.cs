using Nern.Files;

namespace Nern.Data;

/// <summary>
/// Reads MNIST, and sets that take its place (Fashion-MNIST, KMNIST): a file of grey images and one of labels in the format IDX, as
/// they are or packed with gzip.
/// </summary>
internal static class MnistReader
{
    private const int LeastClasses = 10;

    // Where torchvision leaves them.
    private static readonly string[] Folders = ["", Path.Combine("MNIST", "raw")];

    /// <summary>Reads the training images of a folder: train-images-idx3-ubyte and train-labels-idx1-ubyte, or these with .gz.</summary>
    /// <exception cref="NernException">A file is missing, damaged, or does not go with the other.</exception>
    public static ImageSet ReadTrain(string folder) => Read(folder, "train");

    /// <summary>Reads the test images of a folder: t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or these with .gz.</summary>
    /// <exception cref="NernException">A file is missing, damaged, or does not go with the other.</exception>
    public static ImageSet ReadTest(string folder) => Read(folder, "t10k");

    /// <summary>Reads files that are already in memory.</summary>
    internal static ImageSet Read((string Path, byte[] Bytes) images, (string Path, byte[] Bytes) labels)
    {
        var pixels = IdxFile.Read(images.Path, images.Bytes, rank: 3);
        var classes = IdxFile.Read(labels.Path, labels.Bytes, rank: 1).Values;
        if (pixels.Dimensions is not [var count, > 0 and var height, > 0 and var width] || count == 0)
            throw new NernException($"'{images.Path}' should hold images; it says it has {string.Join(" x ", pixels.Dimensions)} values.");
        if (classes.Length != count)
            throw new NernException($"'{images.Path}' holds {count} images, '{labels.Path}' {classes.Length} labels; they should be as many.");
        return new ImageSet(
            pixels.Values, [.. classes.Select(label => (int)label)], channels: 1, height, width, Math.Max(LeastClasses, classes.Max() + 1));
    }

    private static ImageSet Read(string folder, string part) => Read(Find(folder, $"{part}-images", 3), Find(folder, $"{part}-labels", 1));

    private static (string Path, byte[] Bytes) Find(string folder, string name, int rank)
    {
        // The second is what some unpackers make of the first.
        string[] names = [$"{name}-idx{rank}-ubyte", $"{name}.idx{rank}-ubyte"];
        if (!Directory.Exists(folder))
            throw new NernException($"There is no folder '{folder}' to read MNIST's images from.");
        var paths = from place in Folders
                    from file in names
                    from ending in new[] { "", ".gz" }
                    select Path.Combine(
            folder, place, file + ending);
        var found = paths.FirstOrDefault(File.Exists)
            ?? throw new NernException($"The folder '{folder}' should hold {names[0]} or {names[0]}.gz; it holds neither.");
        return (found, InputFile.Read(found, "an IDX file"));
    }
}
