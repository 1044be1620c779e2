using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Fitting;

/// <summary>The images it was given, over and over; it counts what it hands out.</summary>
internal sealed class GivenImages(ImageShape shape, float[] images) : IImageSource
{
    public int Channels => shape.Channels;

    public int Height => shape.Height;

    public int Width => shape.Width;

    public EpochPosition Position { get; set; }

    /// <summary>Images handed out so far.</summary>
    internal int Given { get; private set; }

    /// <summary>The image handed out that is not a number, or none.</summary>
    internal int BrokenAt { get; init; } = -1;

    /// <summary>What each thread had allocated when it wrote an image, in the order of the images.</summary>
    internal List<(int Thread, long Bytes)> Allocated { get; } = new(capacity: 10000);

    public DrawnImage Draw(Generator generator)
    {
        var seed = Given == BrokenAt ? 1UL : 0;
        return new(Given++ % (images.Length / shape.Count), seed);
    }

    public int Write(DrawnImage drawn, Span<float> image)
    {
        lock (Allocated)
            Allocated.Add((Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread()));
        images.AsSpan(drawn.Index * shape.Count, shape.Count).CopyTo(image);
        if (drawn.Seed == 1)
            image[0] = float.NaN;
        return drawn.Index;
    }
}

/// <summary>A source that must not be asked.</summary>
internal sealed class ForbiddenImages(ImageShape shape) : IImageSource
{
    public int Channels => shape.Channels;

    public int Height => shape.Height;

    public int Width => shape.Width;

    public EpochPosition Position { get; set; }

    public DrawnImage Draw(Generator generator) => throw new InvalidOperationException("Images were asked for.");

    public int Write(DrawnImage drawn, Span<float> image) => throw new InvalidOperationException("Images were asked for.");
}
