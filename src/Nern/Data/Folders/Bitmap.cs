using System.Buffers;

namespace Nern.Data.Folders;

/// <summary>A decoded image: rows of pixels from the top, each red, green, blue and a byte without meaning.</summary>
/// <remarks>A fourth byte makes a pixel one load of a vector, and is what a channel of opacity is decoded into.</remarks>
internal sealed class Bitmap : IDisposable
{
    /// <summary>Bytes of a pixel.</summary>
    public const int PixelBytes = 4;

    /// <summary>The most pixels an image may have: far above what any camera's has, and 256 MB.</summary>
    public const int MostPixels = 64 << 20;

    // What is larger is rare, and should not stay in the pool.
    private const int LargestPooled = 32 << 20;

    private readonly byte[] _pixels;
    private readonly bool _isPooled;
    private bool _isDisposed;

    /// <summary>An image of this size, whose pixels are whatever was in the memory before.</summary>
    internal Bitmap(int width, int height)
    {
        Check(width, height);
        (Width, Height) = (width, height);
        _isPooled = ByteCount <= LargestPooled;
        _pixels = _isPooled ? ArrayPool<byte>.Shared.Rent(ByteCount) : new byte[ByteCount];
    }

    private Bitmap(Bitmap original) => (Width, Height, _pixels) = (original.Width, original.Height, original.Pixels.ToArray());

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes of all pixels.</summary>
    public int ByteCount => Width * Height * PixelBytes;

    /// <summary>The pixels, [height, width, 4].</summary>
    public ReadOnlySpan<byte> Pixels => Writable;

    internal Span<byte> Writable
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _pixels.AsSpan(0, ByteCount);
        }
    }

    /// <summary>An image of planes, [channels, height, width].</summary>
    /// <param name="planes">Red, green and blue, or grey alone.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The planes are neither one nor three of that size.</exception>
    public static Bitmap Of(ReadOnlySpan<byte> planes, int width, int height)
    {
        var area = width * height;
        if (planes.Length != area && planes.Length != 3 * area)
            throw new ArgumentException($"An image of {width} x {height} takes {area} or {3 * area} values; got {planes.Length}.",
                nameof(planes));
        var (green, blue) = planes.Length == area ? (0, 0) : (area, 2 * area);
        var bitmap = new Bitmap(width, height);
        var pixels = bitmap.Writable;
        for (var i = 0; i < area; i++)
            (pixels[PixelBytes * i], pixels[(PixelBytes * i) + 1], pixels[(PixelBytes * i) + 2]) = (planes[i], planes[green + i],
                planes[blue + i]);
        return bitmap;
    }

    /// <summary>The image moved within its size: pixel (x, y) is that of (x + right, y + down), black where there is none.</summary>
    public Bitmap Window(int right, int down)
    {
        var window = new Bitmap(Width, Height);
        var target = window.Writable;
        target.Clear();
        var columns = Width - Math.Abs(right);
        for (var y = Math.Max(0, -down); columns > 0 && y < Math.Min(Height, Height - down); y++)
        {
            var source = ((y + down) * Width) + Math.Max(0, right);
            Pixels.Slice(source * PixelBytes, columns * PixelBytes).CopyTo(target[(((y * Width) + Math.Max(0, -right)) * PixelBytes)..]);
        }
        return window;
    }

    /// <summary>A copy that stays: to dispose of it does nothing.</summary>
    public Bitmap Copy() => new(this);

    /// <summary>Gives the memory back, for the next image.</summary>
    public void Dispose()
    {
        if (!_isPooled || _isDisposed)
            return;
        _isDisposed = true;
        ArrayPool<byte>.Shared.Return(_pixels);
    }

    /// <summary>Refuses a size that no image has, before anything is allocated for it.</summary>
    /// <exception cref="ImagingException">It has none, or too many pixels.</exception>
    internal static void Check(long width, long height)
    {
        if (width < 1 || height < 1 || width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw new ImagingException($"an image may have 1 to {MostPixels} pixels, and this says it has {width} x {height}.");
    }
}
