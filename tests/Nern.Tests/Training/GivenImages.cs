using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Training;

/// <summary>The images it was given, over and over; it counts what it hands out.</summary>
internal sealed class GivenImages(ImageShape shape, float[] images) : IImageSource
{
    private int _next;

    public int Channels => shape.Channels;

    public int Height => shape.Height;

    public int Width => shape.Width;

    public EpochPosition Position { get; set; }

    /// <summary>Images handed out so far.</summary>
    internal int Given { get; private set; }

    /// <summary>What the thread had allocated each time it asked.</summary>
    internal List<long> AllocatedBefore { get; } = new(capacity: 1000);

    public void Fill(Span<float> batch, int count, Generator generator)
    {
        AllocatedBefore.Add(GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < batch.Length; i++)
            batch[i] = images[_next++ % images.Length];
        Given += count;
    }
}

/// <summary>A source that must not be asked.</summary>
internal sealed class ForbiddenImages(ImageShape shape) : IImageSource
{
    public int Channels => shape.Channels;

    public int Height => shape.Height;

    public int Width => shape.Width;

    public EpochPosition Position { get; set; }

    public void Fill(Span<float> batch, int count, Generator generator) => throw new InvalidOperationException("Images were asked for.");
}
