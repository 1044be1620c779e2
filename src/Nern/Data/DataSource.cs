namespace Nern.Data;

/// <summary>Where images come from, as users write it: <c>cifar10:FOLDER</c> or <c>cifar100:FOLDER</c>; read when first asked for.</summary>
public sealed class DataSource
{
    private static readonly Dictionary<string, CifarFormat> Schemes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cifar10"] = CifarFormat.Cifar10,
        ["cifar100"] = CifarFormat.Cifar100,
    };

    private readonly Lazy<ImageSet> _train;
    private readonly Lazy<ImageSet> _test;

    private DataSource(CifarFormat format, string path)
    {
        Format = format;
        Location = path;
        if (path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            _train = _test = new(() => CifarReader.Read(path, format));
        }
        else
        {
            _train = new(() => CifarReader.ReadTrain(path, format));
            _test = new(() => CifarReader.ReadTest(path, format));
        }
    }

    /// <summary>The format of the files.</summary>
    public CifarFormat Format { get; }

    /// <summary>The folder or the one file the images come from.</summary>
    public string Location { get; }

    /// <summary>The training images; read at the first call.</summary>
    /// <exception cref="NernException">They are missing or cannot be used.</exception>
    public ImageSet Train => _train.Value;

    /// <summary>The test images; read at the first call.</summary>
    /// <exception cref="NernException">They are missing or cannot be used.</exception>
    public ImageSet Test => _test.Value;

    /// <summary>What the published networks for these images were trained with; the CIFAR-10 ones took the ImageNet statistics.</summary>
    public Normalization DefaultNormalization => Format == CifarFormat.Cifar10 ? Normalization.ImageNet : Normalization.Cifar100;

    /// <summary>
    /// Understands <c>scheme:PATH</c>, where the path is a folder with the official file names, or one .bin file that then is
    /// both the training and the test images.
    /// </summary>
    /// <exception cref="NernException">The scheme is unknown or the path is missing.</exception>
    public static DataSource Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? text : text[..colon];
        if (!Schemes.TryGetValue(scheme, out var format))
            throw new NernException($"The data source '{text}' should be {Known("FOLDER")}; '{scheme}' is not known.");
        if (string.IsNullOrWhiteSpace(text[(scheme.Length + (colon < 0 ? 0 : 1))..]))
            throw new NernException($"The data source '{text}' should name a folder or a .bin file after the scheme, as in {scheme}:FOLDER.");
        return new DataSource(format, text[(colon + 1)..]);
    }

    /// <summary>The source as <see cref="Parse"/> takes it.</summary>
    public override string ToString() => $"{Schemes.First(scheme => scheme.Value == Format).Key}:{Location}";

    private static string Known(string path) => string.Join(" or ", Schemes.Keys.Select(scheme => $"{scheme}:{path}"));
}
