using System.Globalization;
using Nern.Data.Folders;
using Nern.Networks;

namespace Nern.Data;

/// <summary>The images of a source that has them in memory and of one size, brought to another: <c>cifar10:FOLDER,resize=224</c>.</summary>
internal sealed class FramedSource : DataSource
{
    private readonly DataSource _images;
    private readonly int? _resize;
    private readonly ImageShape? _shape;

    /// <param name="images">The source.</param>
    /// <param name="resize">What the shorter side is to be resized to in any case, or null.</param>
    /// <param name="shape">The shape of an image; null where only the size follows, from <paramref name="resize"/>.</param>
    internal FramedSource(DataSource images, int? resize, ImageShape? shape = null)
        : base(() => Frame(images, (ImageSet)images.Train, resize, shape), () => Frame(images, (ImageSet)images.Test, resize, shape)) =>
        (_images, _resize, _shape) = (images, resize, shape);

    public override Normalization DefaultNormalization =>
        _shape is { Channels: 1 or 3 } shape ? _images.DefaultNormalization.For(shape.Channels) : _images.DefaultNormalization;

    public override DataSource For(ImageShape shape) => new FramedSource(_images, _resize, shape);

    public override DataSource From(string folder) => new FramedSource(_images.From(folder), _resize, _shape);

    public override string ToString() =>
        _images + (_resize is { } side ? string.Create(CultureInfo.InvariantCulture, $",resize={side}") : "");

    private static LabelledImages Frame(DataSource images, ImageSet set, int? resize, ImageShape? wanted)
    {
        var own = new ImageShape(set.Channels, set.Height, set.Width);
        var shape = wanted ?? Whole(own, resize!.Value);
        // Of any other number of channels there is nothing to be made: who asks for it says so.
        if ((shape == own && resize is null) || shape.Channels is not (1 or 3))
            return set;
        if (resize is null && Folders.Frame.Of(own.Width, own.Height, shape, null).IsResized)
            throw new NernException(
                $"The network takes images of {shape}, those of '{images}' are {own}: {images},resize={Math.Max(shape.Height, shape.Width)} resizes them.");
        return new FramedSet(images.ToString(), set, shape, resize);
    }

    /// <summary>All of an image, with its shorter side as long as <paramref name="side"/>.</summary>
    private static ImageShape Whole(ImageShape own, int side)
    {
        var frame = Folders.Frame.Of(own.Width, own.Height, own with { Height = side, Width = side }, side);
        return own with { Height = frame.Height, Width = frame.Width };
    }
}
