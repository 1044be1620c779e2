using System.Globalization;
using Nern.Data.Folders;
using Nern.Files;
using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Images of a folder of class folders: <c>imagefolder:FOLDER</c>, behind which may stand, with commas between them,
/// <c>test=2/10</c> (every tenth image from place 2 on is tested with, in the order of the classes and then of names; the rest is for
/// training), <c>train=0/2</c> (the same the other way around; with both, each says its own) and <c>resize=256</c> (what the shorter side
/// of every picture is resized to before the middle is cut out). Where the folder holds folders <c>train</c> and <c>val</c>, they are the
/// two sets.
/// </summary>
public sealed class ImageFolderSource : DataSource
{
    /// <summary>Rows and columns of an image unless a network asks for others.</summary>
    public const int DefaultSize = 224;

    private static readonly ImageShape DefaultShape = new(3, DefaultSize, DefaultSize);

    private readonly Files _files;
    private readonly Settings _settings;

    private readonly ImageShape _shape;

    private ImageFolderSource(Files files, Settings settings, ImageShape shape)
        : base(() => files.Train(settings, shape), () => files.Test(settings, shape)) =>
        (_files, _settings, _shape) = (files, settings, shape);

    /// <summary>The folder.</summary>
    public string Location => _files.Location;

    /// <inheritdoc/>
    public override Normalization DefaultNormalization => Normalization.ImageNet.For(_shape.Channels);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Unreadable => _files.Opened.Unreadable;

    /// <inheritdoc/>
    /// <remarks>Of other than one channel, grey, images have three.</remarks>
    public override DataSource For(ImageShape shape) =>
        new ImageFolderSource(_files, _settings, shape with { Channels = shape.Channels == 1 ? 1 : 3 });

    /// <inheritdoc/>
    public override DataSource From(string folder) =>
        new ImageFolderSource(new(Path.GetFullPath(Location, folder)), _settings, DefaultShape);

    /// <inheritdoc/>
    public override string ToString() => $"imagefolder:{Location}{_settings}";

    /// <summary>Understands what stands behind <c>imagefolder:</c>.</summary>
    /// <exception cref="NernException">An option is not understood.</exception>
    internal static new ImageFolderSource Parse(string text)
    {
        var settings = new Settings(null, null, null);
        // From the end on.
        for (; LastOption(text) is { } option; text = text[..^(option.Length + 1)])
            settings = settings.With(option);
        return new(new(text), settings, DefaultShape);
    }

    /// <summary>What stands behind the folder.</summary>
    private sealed record Settings(EveryNth? TrainPart, EveryNth? TestPart, int? Resize)
    {
        internal Settings With(string text)
        {
            var (name, value) = (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]);
            return name switch
            {
                "train" when EveryNth.TryParse(value, out var part) => this with { TrainPart = part },
                "test" when EveryNth.TryParse(value, out var part) => this with { TestPart = part },
                "resize" when TryReadSide(value, out var side) => this with { Resize = side },
                _ => throw new NernException(
                    $"Behind the folder of an imagefolder may stand test=I/N or train=I/N (with I from 0 to N - 1) or resize=PIXELS; got '{text}'."),
            };
        }

        public override string ToString() =>
            (TrainPart is { } train ? $",train={train}" : "") + (TestPart is { } test ? $",test={test}" : "")
            + (Resize is { } side ? string.Create(CultureInfo.InvariantCulture, $",resize={side}") : "");
    }

    /// <summary>
    /// The lists of the files, made when first asked for, and what has been opened of them; both sets and all sizes share them.
    /// </summary>
    private sealed class Files
    {
        private readonly Lazy<ImageFolder> _train, _test;
        private readonly Lazy<bool> _isSplit;

        internal Files(string location)
        {
            Location = location;
            var (train, val) = (Path.Combine(location, "train"), Path.Combine(location, "val"));
            _isSplit = new(() => Directory.Exists(train) && Directory.Exists(val));
            var classes = new Lazy<IReadOnlyList<string>>(() => ImageFolder.ReadClasses(_isSplit.Value ? train : location));
            _train = new(() => List(_isSplit.Value ? train : location));
            _test = new(() => _isSplit.Value ? List(val) : _train.Value);

            ImageFolder List(string root)
            {
                try
                {
                    return ImageFolder.List(root, classes.Value);
                }
                catch (Exception exception) when (FileFailure.Is(exception))
                {
                    throw new NernException($"The folder '{root}' could not be listed: {exception.Message}", exception);
                }
            }
        }

        internal string Location { get; }

        internal PictureFiles Opened { get; } = new();

        internal FolderImages Train(Settings settings, ImageShape shape) =>
            Images(_train.Value, settings, settings.TrainPart, settings.TestPart, shape);

        internal FolderImages Test(Settings settings, ImageShape shape) =>
            Images(_test.Value, settings, settings.TestPart, settings.TrainPart, shape);

        private FolderImages Images(ImageFolder folder, Settings settings, EveryNth? part, EveryNth? other, ImageShape shape)
        {
            // What the other set takes of the same files is not for this one, unless it says so.
            var rest = part is null && !_isSplit.Value ? other : null;
            int[] places = [.. Enumerable.Range(0, folder.Count)
                .Where(place => part?.Contains(place) ?? !(rest?.Contains(place) ?? false))];
            return places.Length > 0
                ? new(folder, Opened, places, shape, settings.Resize)
                : throw new NernException($"Of the {folder.Count} images in '{Location}' none is chosen by '{settings}'.");
        }
    }
}
