using Nern.Networks;

namespace Nern.Data;

/// <summary>Images of CIFAR files: <c>cifar10:PATH</c> or <c>cifar100:PATH</c>.</summary>
public sealed class CifarSource : DataSource
{
    internal CifarSource(CifarFormat format, string path)
        : this(format, path, IsFile(path) ? () => CifarReader.Read(path, format) : null)
    {
    }

    private CifarSource(CifarFormat format, string path, Func<LabelledImages>? file)
        : base(file ?? (() => CifarReader.ReadTrain(path, format)), file ?? (() => CifarReader.ReadTest(path, format))) =>
        (Format, Location) = (format, path);

    /// <summary>The format of the files.</summary>
    public CifarFormat Format { get; }

    /// <summary>The folder or the one file the images come from.</summary>
    public string Location { get; }

    /// <summary>What the published networks for these images were trained with; the CIFAR-10 ones took the ImageNet statistics.</summary>
    public override Normalization DefaultNormalization => Format == CifarFormat.Cifar10 ? Normalization.ImageNet : Normalization.Cifar100;

    /// <inheritdoc/>
    public override DataSource From(string folder) => new CifarSource(Format, Path.GetFullPath(Location, folder));

    /// <inheritdoc/>
    public override string ToString() => $"{(Format == CifarFormat.Cifar10 ? "cifar10" : "cifar100")}:{Location}";

    private static bool IsFile(string path) => path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
}
