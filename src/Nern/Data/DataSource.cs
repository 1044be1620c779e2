using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Where images come from, as users write it: <c>cifar10:FOLDER</c>, <c>cifar100:FOLDER</c>, <c>imagefolder:FOLDER</c> or
/// <c>shapes</c>; read or drawn when first asked for.
/// </summary>
public abstract class DataSource
{
    private readonly Lazy<LabelledImages> _train;
    private readonly Lazy<LabelledImages> _test;

    private protected DataSource(Func<LabelledImages> train, Func<LabelledImages> test)
    {
        _train = new(train);
        _test = train == test ? _train : new(test);
    }

    /// <summary>The training images; read at the first call.</summary>
    /// <exception cref="NernException">They are missing or cannot be used.</exception>
    public LabelledImages Train => _train.Value;

    /// <summary>The test images; read at the first call.</summary>
    /// <exception cref="NernException">They are missing or cannot be used.</exception>
    public LabelledImages Test => _test.Value;

    /// <summary>What networks for these images are usually trained with.</summary>
    public abstract Normalization DefaultNormalization { get; }

    /// <summary>What could not be read so far, a file and the reason each; such images are left out.</summary>
    public virtual IReadOnlyList<string> Unreadable => [];

    /// <summary>The same source with images of this size, where it can have them of any.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public virtual DataSource For(int height, int width) => this;

    /// <summary>
    /// Understands <c>cifar10:PATH</c> and <c>cifar100:PATH</c>, where the path is a folder with the official file names, or one .bin
    /// file that then is both the training and the test images; <c>imagefolder:FOLDER</c>, a folder of class folders of JPEG and PNG files,
    /// with options behind commas (<see cref="ImageFolderSource"/>); and <c>shapes</c>, the built-in pictures.
    /// </summary>
    /// <exception cref="NernException">The scheme is unknown, or the path is missing or one too many.</exception>
    public static DataSource Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, path) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        return scheme.ToLowerInvariant() switch
        {
            "cifar10" => new CifarSource(CifarFormat.Cifar10, PathOf(text, scheme, path)),
            "cifar100" => new CifarSource(CifarFormat.Cifar100, PathOf(text, scheme, path)),
            "imagefolder" => ImageFolderSource.Parse(PathOf(text, scheme, path)),
            "shapes" when path is null => new ShapeSource(),
            "shapes" => throw new NernException(
                $"The data source '{text}' should be shapes and nothing more: the built-in pictures have no path."),
            _ => throw new NernException(
                $"The data source '{text}' should be cifar10:FOLDER or cifar100:FOLDER or imagefolder:FOLDER or shapes; '{scheme}' is not known."),
        };
    }

    /// <summary>The same source, with a path that is not absolute taken from <paramref name="folder"/>.</summary>
    public abstract DataSource From(string folder);

    /// <summary>The source as <see cref="Parse"/> takes it.</summary>
    public abstract override string ToString();

    private static string PathOf(string text, string scheme, string? path) => string.IsNullOrWhiteSpace(path)
        ? throw new NernException($"The data source '{text}' should name a folder{(scheme == "imagefolder" ? "" : " or a .bin file")} after the scheme, as in {scheme}:FOLDER.")
        : path;
}
