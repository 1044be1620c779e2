using System.Buffers;
using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>Images that are made of pictures of any size, in colour or grey, when they are asked for (<see cref="Frame"/>).</summary>
internal abstract class FramedImages : LabelledImages
{
    // Enough to see whether pictures are of one size.
    private const int Sampled = 16;

    /// <param name="name">What the pictures are called in a sentence.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="shape">The shape of an image: of 1 channel, grey, or 3.</param>
    /// <param name="resize">What the shorter side is to be resized to in any case, or null.</param>
    /// <exception cref="NernException">That is less than the images have.</exception>
    private protected FramedImages(string name, int[] labels, int classes, ImageShape shape, int? resize)
        : base(labels, shape.Channels, shape.Height, shape.Width, classes)
    {
        if (resize < Math.Max(shape.Height, shape.Width))
            throw new NernException($"'{name}' is resized to {resize} pixels, of which no {shape.Height} x {shape.Width} can be cut out.");
        (Name, Shape, Resize) = (name, shape, resize);
    }

    /// <summary>What the pictures are called in a sentence.</summary>
    private protected string Name { get; }

    /// <summary>The shape of an image.</summary>
    private protected ImageShape Shape { get; }

    /// <summary>Whether what has to be resized is a photograph, of which any part may be trained on.</summary>
    internal abstract bool ArePhotographs { get; }

    /// <summary>What the shorter side is resized to in any case; null where that follows from the sizes.</summary>
    internal int? Resize { get; }

    /// <summary>The picture of an image as it is, as the caller's; null where it cannot be read.</summary>
    internal abstract Bitmap? TryOpen(int index);

    /// <inheritdoc/>
    public override bool TryRead(int index, Span<byte> pixels)
    {
        BatchShape.Check(pixels, 1, ImageLength);
        using var bitmap = TryOpen(index);
        if (bitmap is null)
            return false;
        Write(bitmap, pixels);
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
        new RandomCrops(this, normalization, crop, flip);

    /// <inheritdoc/>
    public override string? Preparation
    {
        get
        {
            var count = Math.Min(Sampled, Count);
            var sizes = new List<(int Width, int Height)>();
            for (var i = 0; i < count; i++)
                if (TryOpen((int)((long)i * Count / count)) is { } bitmap)
                    using (bitmap)
                        sizes.Add((bitmap.Width, bitmap.Height));
            var wanted = $"{Width}x{Height}";
            string Named(IEnumerable<(int Width, int Height)> some) =>
                some.Distinct().ToArray() is [var one] ? $"of {one.Width}x{one.Height}" : "of several sizes";
            var treatments = sizes.ToLookup(size => Treatment(FrameOf(size.Width, size.Height), size.Width, size.Height))
                .OrderByDescending(same => same.Count()).Select(same => $"those {Named(same)} {same.Key}");
            return sizes.Count == 0 ? null : $"Images of '{Name}' for {wanted}: {string.Join("; ", treatments)}{(Channels == 1 ? "; in grey" : "")}.";
        }
    }

    /// <summary>How a picture of some size is brought to the size of the images.</summary>
    internal Frame FrameOf(int width, int height) => Frame.Of(width, height, Shape, Resize);

    /// <summary>Writes the frame of a picture.</summary>
    internal void Write(Bitmap bitmap, Span<byte> pixels)
    {
        var frame = FrameOf(bitmap.Width, bitmap.Height);
        Write(bitmap, new(0, 0, bitmap.Width, bitmap.Height), frame.Width, frame.Height, frame.Window, pixels);
    }

    /// <summary>Resizes a part of a picture and writes a part of the result, as many planes as the images have.</summary>
    internal void Write(Bitmap bitmap, Box part, int width, int height, Box window, Span<byte> pixels)
    {
        if (Channels == 3)
        {
            Resampling.Resize(bitmap, part, width, height, window, pixels);
            return;
        }
        var area = pixels.Length;
        var rented = ArrayPool<byte>.Shared.Rent(3 * area);
        var planes = rented.AsSpan(0, 3 * area);
        Resampling.Resize(bitmap, part, width, height, window, planes);
        for (var i = 0; i < area; i++)
            pixels[i] = Luma.Of(planes[i], planes[area + i], planes[(2 * area) + i]);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private string Treatment(Frame frame, int width, int height) =>
        frame.IsResized ? $"are resized to {Math.Min(frame.Width, frame.Height)} on the shorter side, and the middle is cut out"
        : (width, height) == (Width, Height) ? "stay as they are"
        : "are not resized, the middle is cut out";
}
