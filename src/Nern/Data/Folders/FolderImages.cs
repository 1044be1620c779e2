using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nern.Imaging;
using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>
/// Images of a folder, decoded when they are asked for: the shorter side resized, the middle cut out (torchvision's Resize and CenterCrop).
/// </summary>
internal sealed class FolderImages : LabelledImages
{
    private readonly ImageFolder _folder;
    private readonly PictureFiles _files;
    private readonly int[] _places;
    private readonly int _side;

    /// <param name="folder">The files.</param>
    /// <param name="files">Opens them.</param>
    /// <param name="places">Which of the files, in this order.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="side">What the shorter side is resized to, at least as long as the image.</param>
    internal FolderImages(ImageFolder folder, PictureFiles files, int[] places, int height, int width, int side)
        : base([.. places.Select(folder.Label)], channels: 3, height, width, folder.Classes) =>
        (_folder, _files, _places, _side) = (folder, files, places, side);

    /// <inheritdoc/>
    public override bool TryRead(int index, Span<byte> pixels)
    {
        BatchShape.Check(pixels, 1, ImageLength);
        using var bitmap = TryOpen(index);
        if (bitmap is null)
            return false;
        var (width, height) = Resized(bitmap.Width, bitmap.Height, _side);
        var window = new Box(Middle(width, Width), Middle(height, Height), Width, Height);
        Resampling.Resize(bitmap, new(0, 0, bitmap.Width, bitmap.Height), width, height, window, pixels);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryRead(int index, Span<float> image, Normalization normalization)
    {
        BatchShape.Check(image, 1, ImageLength);
        normalization.CheckChannels(Channels);
        var rented = ArrayPool<byte>.Shared.Rent(ImageLength);
        try
        {
            var pixels = rented.AsSpan(0, ImageLength);
            if (!TryRead(index, pixels))
                return false;
            normalization.Apply(pixels, image);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public override IImageSource Augmented(Normalization normalization, int crop = 4, bool flip = true) =>
        new RandomCrops(this, normalization, crops: crop > 0, flip);

    /// <summary>Spread over all, which are in the order of their classes.</summary>
    internal override (LabelledImages Kept, LabelledImages Aside) SetAside(int count)
    {
        var aside = Enumerable.Range(0, count).Select(i => (int)((long)i * Count / count)).ToHashSet();
        return (Where(index => !aside.Contains(index)), Where(aside.Contains));
    }

    internal override void Identify(IncrementalHash hash)
    {
        foreach (var place in _places)
            hash.AppendData(MemoryMarshal.AsBytes(_folder.Name(place).AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Labels));
        hash.AppendData(MemoryMarshal.AsBytes<int>([Height, Width, _side]));
    }

    internal override NernException NoneReadable() =>
        new($"None of the {Count} images can be read; the first is {_files.Unreadable[0]}");

    /// <summary>The picture of an image as it is in its file; null where it cannot be read.</summary>
    internal Bitmap? TryOpen(int index) => _files.TryOpen(_folder.Path(_places[index]));

    private FolderImages Where(Func<int, bool> chosen) =>
        new(_folder, _files, [.. _places.Where((_, index) => chosen(index))], Height, Width, _side);

    /// <summary>The size with the shorter side as long as <paramref name="side"/>, the longer one cut to whole pixels.</summary>
    private static (int Width, int Height) Resized(int width, int height, int side) => width <= height
        ? (side, Longer(side, height, width))
        : (Longer(side, width, height), side);

    private static int Longer(int side, int longer, int shorter) => (int)Math.Min(int.MaxValue, (long)side * longer / shorter);

    // Half of a pixel goes to the even side, as Python rounds.
    private static int Middle(int length, int part) => (int)Math.Round((length - part) / 2.0, MidpointRounding.ToEven);
}
