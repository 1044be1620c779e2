using System.Globalization;
using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Where images come from, as users write it: <c>cifar10:FOLDER</c>, <c>cifar100:FOLDER</c>, <c>mnist:FOLDER</c>,
/// <c>imagefolder:FOLDER</c> or <c>shapes</c>; read or drawn when first asked for.
/// </summary>
public abstract class DataSource
{
    private const int LargestSide = 8192;

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

    /// <summary>
    /// The same source with images of this shape: colours become grey, or grey all three, where the channels ask for it. A picture of
    /// that size stays as it is, of a larger one by up to a quarter the middle is cut out. Of other sizes those of a folder are resized,
    /// which in other sources has to be asked for (<c>resize=PIXELS</c>).
    /// </summary>
    /// <param name="shape">What a network takes.</param>
    public virtual DataSource For(ImageShape shape) => new FramedSource(this, null, shape);

    /// <summary>
    /// Understands <c>cifar10:PATH</c> and <c>cifar100:PATH</c>, where the path is a folder with the official file names, or one .bin
    /// file that then is both the training and the test images; <c>mnist:FOLDER</c>, a folder with the official file names;
    /// <c>imagefolder:FOLDER</c>, a folder of class folders of JPEG and PNG files, with options behind commas
    /// (<see cref="ImageFolderSource"/>); and <c>shapes</c>, the built-in pictures. Behind each may stand <c>,resize=224</c>: what the
    /// shorter side is resized to.
    /// </summary>
    /// <exception cref="NernException">
    /// The scheme is unknown, the path is missing or one too many, or an option is not understood.
    /// </exception>
    public static DataSource Parse(string text)
    {
        if (text.StartsWith("imagefolder:", StringComparison.OrdinalIgnoreCase) || LastOption(text) is not { } option)
            return ParsePlain(text);
        var plain = text[..^(option.Length + 1)];
        return option.StartsWith("resize=", StringComparison.Ordinal) && TryReadSide(option["resize=".Length..], out var side)
            ? new FramedSource(ParsePlain(plain), side)
            : throw new NernException($"Behind '{plain}' may stand resize=PIXELS (1 to {LargestSide}); got '{option}'.");
    }

    /// <summary>What stands behind the last comma, if it is an option: a folder's name may have commas as well.</summary>
    private protected static string? LastOption(string text) =>
        text.LastIndexOf(',') is >= 0 and var comma && text.IndexOf('=', comma) >= 0 ? text[(comma + 1)..] : null;

    private protected static bool TryReadSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is > 0 and <= LargestSide;

    private static DataSource ParsePlain(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, path) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        return scheme.ToLowerInvariant() switch
        {
            "cifar10" => new CifarSource(CifarFormat.Cifar10, PathOf(text, scheme, path)),
            "cifar100" => new CifarSource(CifarFormat.Cifar100, PathOf(text, scheme, path)),
            "mnist" => new MnistSource(PathOf(text, scheme, path)),
            "imagefolder" => ImageFolderSource.Parse(PathOf(text, scheme, path)),
            "shapes" when path is null => new ShapeSource(),
            "shapes" => throw new NernException(
                $"The data source '{text}' should be shapes and nothing more: the built-in pictures have no path."),
            _ => throw new NernException(
                $"The data source '{text}' should be cifar10:FOLDER, cifar100:FOLDER, mnist:FOLDER, imagefolder:FOLDER or shapes; '{scheme}' is not known."),
        };
    }

    /// <summary>The same source, with a path that is not absolute taken from <paramref name="folder"/>.</summary>
    public abstract DataSource From(string folder);

    /// <summary>The source as <see cref="Parse"/> takes it.</summary>
    public abstract override string ToString();

    private static string PathOf(string text, string scheme, string? path) => string.IsNullOrWhiteSpace(path)
        ? throw new NernException($"The data source '{text}' should name a folder{(scheme.StartsWith("cifar", StringComparison.OrdinalIgnoreCase) ? " or a .bin file" : "")} after the scheme, as in {scheme}:FOLDER.")
        : path;
}
