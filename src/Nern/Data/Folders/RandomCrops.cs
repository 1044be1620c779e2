using System.Buffers;
using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>
/// Training images, each once an epoch, mirrored with probability one half. Photographs are seen as by ImageNet's networks: a part of
/// random size and shape resized to the whole (torchvision's RandomResizedCrop). What fills its picture, and pictures of about the
/// right size, are seen as by CIFAR's (<see cref="AugmentedImages"/>): moved at random, black coming in from outside.
/// </summary>
internal sealed class RandomCrops : ShuffledImages
{
    private const double SmallestShare = 0.08;
    private const int Tries = 10;

    // Shares of the area are uniform, shapes are so in their logarithm.
    private static readonly double LogShape = Math.Log(4.0 / 3);

    private readonly FramedImages _images;
    private readonly Normalization _normalization;
    private readonly int _crop;
    private readonly bool _flip;

    internal RandomCrops(FramedImages images, Normalization normalization, int crop, bool flip) : base(images, normalization) =>
        (_images, _normalization, _crop, _flip) = (images, normalization, crop, flip);

    /// <inheritdoc/>
    public override int Write(DrawnImage drawn, Span<float> image)
    {
        BatchShape.Check(image, 1, _images.ImageLength);
        var rented = ArrayPool<byte>.Shared.Rent(_images.ImageLength);
        try
        {
            var pixels = rented.AsSpan(0, _images.ImageLength);
            // In place of an image that cannot be read comes the next that can, whichever thread finds out.
            for (var step = 0; step < _images.Count; step++)
            {
                var index = (int)(((long)drawn.Index + step) % _images.Count);
                var generator = new SplitMix64(drawn.Seed);
                var mirrored = _flip && generator.NextInt32(2) == 1;
                if (!(_crop > 0 ? TryCrop(index, mirrored, generator, pixels) : _images.TryRead(index, pixels)))
                    continue;
                if (mirrored)
                    _normalization.ApplyMirrored(pixels, Width, image);
                else
                    _normalization.Apply(pixels, image);
                return index;
            }
            throw _images.NoneReadable();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryCrop(int index, bool mirrored, SplitMix64 generator, Span<byte> pixels)
    {
        using var bitmap = _images.TryOpen(index);
        if (bitmap is null)
            return false;
        var frame = _images.FrameOf(bitmap.Width, bitmap.Height);
        if (frame.IsResized && _images.ArePhotographs)
        {
            _images.Write(bitmap, Part(bitmap.Width, bitmap.Height, ref generator), Width, Height, new(0, 0, Width, Height), pixels);
            return true;
        }
        // Of what is resized the frame moves over the picture, else within it.
        var (left, top) = frame.IsResized ? (0, 0) : (frame.Window.Left, frame.Window.Top);
        var down = Move(top, frame.IsResized ? 0 : bitmap.Height - Height - top, ref generator);
        var right = Move(left, frame.IsResized ? 0 : bitmap.Width - Width - left, ref generator);
        // Mirroring comes before the crop, so in the unmirrored image the window moves the other way.
        using var window = bitmap.Window(mirrored ? -right : right, down);
        _images.Write(window, pixels);
        return true;
    }

    /// <summary>How far the window moves: up to the crop in both directions, or to the edges of a picture that reaches further.</summary>
    private int Move(int before, int behind, ref SplitMix64 generator)
    {
        before = Math.Max(_crop, before);
        return generator.NextInt32(before + Math.Max(_crop, behind) + 1) - before;
    }

    /// <summary>A part at random.</summary>
    internal static Box Part(int width, int height, ref SplitMix64 generator)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = (double)width * height * (SmallestShare + ((1 - SmallestShare) * generator.NextDouble()));
            var shape = Math.Exp(LogShape * ((2 * generator.NextDouble()) - 1));
            var (across, down) = ((int)Math.Round(Math.Sqrt(area * shape)), (int)Math.Round(Math.Sqrt(area / shape)));
            if (across > 0 && across <= width && down > 0 && down <= height)
                return new(generator.NextInt32(width - across + 1), generator.NextInt32(height - down + 1), across, down);
        }
        // The middle, cut to the nearest shape that is allowed.
        var limit = Math.Exp(LogShape);
        var part = (double)width / height < 1 / limit ? (width, (int)Math.Round(width * limit))
            : (double)width / height > limit ? ((int)Math.Round(height * limit), height)
            : (width, height);
        return new((width - part.Item1) / 2, (height - part.Item2) / 2, part.Item1, part.Item2);
    }
}

/// <summary>A part of an image.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct Box(int Left, int Top, int Width, int Height);
