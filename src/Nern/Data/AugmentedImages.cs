using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// Training images as CIFAR networks see them: each image once an epoch in an order shuffled anew, mirrored with probability
/// one half, and cropped at random from the image padded with black (pixel 0 before normalisation).
/// </summary>
internal sealed class AugmentedImages : ShuffledImages
{
    private readonly ImageSet _images;
    private readonly Normalization _normalization;
    private readonly int _padding;
    private readonly bool _flip;

    /// <summary>Draws from <paramref name="images"/>.</summary>
    /// <param name="images">At least one image.</param>
    /// <param name="normalization">Mean and standard deviation of each channel.</param>
    /// <param name="padding">Black pixels on each side before the crop; 4 as is usual for CIFAR, 0 for no crop.</param>
    /// <param name="flip">Whether half of the images are mirrored left to right.</param>
    /// <exception cref="ArgumentException">There are no images, or padding or channels do not fit them.</exception>
    public AugmentedImages(ImageSet images, Normalization normalization, int padding = 4, bool flip = true)
        : base(images, normalization)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padding, Math.Min(images.Height, images.Width));
        _images = images;
        _normalization = normalization;
        _padding = padding;
        _flip = flip;
    }

    /// <inheritdoc/>
    public override int Write(DrawnImage drawn, Span<float> image)
    {
        BatchShape.Check(image, 1, _images.ImageLength);
        var generator = new SplitMix64(drawn.Seed);
        var mirrored = _flip && generator.NextInt32(2) == 1;
        var down = generator.NextInt32((2 * _padding) + 1) - _padding;
        var right = generator.NextInt32((2 * _padding) + 1) - _padding;
        Write(_images.Image(drawn.Index), mirrored, down, right, image);
        return drawn.Index;
    }

    /// <summary>
    /// Writes the window that starts <paramref name="down"/> rows and <paramref name="right"/> columns into the (mirrored) image.
    /// </summary>
    private void Write(ReadOnlySpan<byte> image, bool mirrored, int down, int right, Span<float> target)
    {
        var firstColumn = Math.Max(0, -right);
        var columns = Width - Math.Abs(right);
        // Mirroring comes before the crop, so in the unmirrored image the window moves the other way.
        var sourceColumn = Math.Max(0, mirrored ? -right : right);
        for (var row = 0; row < Channels * Height; row++)
        {
            var channel = row / Height;
            var table = _normalization.Table(channel);
            var values = target.Slice(row * Width, Width);
            var sourceRow = (row % Height) + down;
            if ((uint)sourceRow >= (uint)Height)
            {
                values.Fill(table[0]);
                continue;
            }
            var pixels = image.Slice((((_normalization.PlaneOf(channel) * Height) + sourceRow) * Width) + sourceColumn, columns);
            values[..firstColumn].Fill(table[0]);
            values[(firstColumn + columns)..].Fill(table[0]);
            if (mirrored)
                Normalization.ApplyMirrored(table, pixels, values.Slice(firstColumn, columns));
            else
                Normalization.Apply(table, pixels, values.Slice(firstColumn, columns));
        }
    }
}
