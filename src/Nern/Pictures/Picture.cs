namespace Nern.Pictures;

/// <summary>A picture of 8 bits a channel, white at first.</summary>
public sealed class Picture
{
    // A PNG file is made of four bytes a pixel.
    private const int MostPixels = int.MaxValue / 4;

    private readonly byte[] _pixels;

    /// <summary>A white picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape is none of a picture.</exception>
    /// <exception cref="NernException">The picture is too large to be held.</exception>
    public Picture(int width, int height, int channels = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture has 1 or 3 channels.");
        if ((long)width * height > MostPixels)
            throw new NernException($"A picture may have {MostPixels} pixels; one of {width} x {height} has more.");
        (Width, Height, Channels) = (width, height, channels);
        _pixels = new byte[width * height * channels];
        _pixels.AsSpan().Fill(byte.MaxValue);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>The pixels of a row, [width, channels].</summary>
    public Span<byte> Row(int y) => _pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>Fills the square of <paramref name="side"/> pixels whose first pixel is (x, y) with one colour, [channels].</summary>
    public void FillSquare(int x, int y, int side, ReadOnlySpan<byte> colour)
    {
        for (var row = y; row < y + side; row++)
        {
            var pixels = Row(row).Slice(x * Channels, side * Channels);
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = colour[i % Channels];
        }
    }
}
