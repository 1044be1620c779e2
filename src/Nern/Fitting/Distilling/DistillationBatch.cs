using System.Numerics.Tensors;
using Nern.Data;
using Nern.Engine;
using Nern.OneDnn;
using Nern.Ranks;

namespace Nern.Fitting.Distilling;

/// <summary>
/// The original and its reconstruction side by side on the same images: their losses, and the gradient at the predicted
/// weights. A batch runs as micro-batches that fit the caches; without batch statistics their gradients simply add up.
/// Each rank has a part of them, of which each thread takes the next share when it is done with one, so that a core which is slowed down delays no other; what a
/// share yields goes to a place of its own and is summed in order, so that it does not matter which thread took it.
/// </summary>
internal sealed class DistillationBatch : IParallelWork, IDisposable
{
    /// <summary>Images that a thread has in flight at once.</summary>
    private const int LargestMicroBatch = 8;

    /// <summary>Enough for many threads to finish together; each holds a gradient.</summary>
    private const int MostShares = 32;

    private readonly DistillationLane[] _lanes;
    private readonly float[][] _gradients;
    private readonly (double Kd, double Fmd)[] _losses;
    private readonly IImageSource _images;
    private readonly DrawnImage[] _drawn;
    private readonly int _microBatch, _firstMicroBatch, _microBatches;
    private float[] _weights = [];
    private int _values, _next;

    /// <param name="images">What the two networks are compared on.</param>
    /// <param name="batch">How many of them at once.</param>
    /// <param name="values">The most values a step asks gradients of.</param>
    /// <param name="ranks">Who shares the batch.</param>
    /// <param name="create">Makes the lane of a thread, for micro-batches of so many images.</param>
    /// <exception cref="NernException">The network takes other images.</exception>
    internal DistillationBatch(IImageSource images, int batch, int values, Communicator ranks, Func<int, DistillationLane> create)
    {
        _microBatch = MicroBatch(batch, ParallelRegion.Threads * ranks.Size);
        (_firstMicroBatch, var end) = ranks.Share(batch / _microBatch);
        _microBatches = end - _firstMicroBatch;
        var shares = Math.Min(_microBatches, MostShares);
        _lanes = new DistillationLane[Math.Clamp(shares, 1, ParallelRegion.Threads)];
        for (var lane = 0; lane < _lanes.Length; lane++)
            _lanes[lane] = ParallelRegion.OnOneThread(() => create(_microBatch));
        _lanes[0].InputShape.Check(images.Channels, images.Height, images.Width);
        _gradients = [.. Enumerable.Range(0, shares).Select(_ => new float[values])];
        _losses = new (double, double)[shares];
        _drawn = new DrawnImage[batch];
        _images = images;
    }

    /// <summary>
    /// The share of images that are mixed with another of their micro-batch, pixel by pixel, in a random proportion (mixup, Zhang et al.
    /// 2018): where images are few, two networks agree on them sooner than on others.
    /// </summary>
    internal double Mixing { get; init; }

    /// <summary>All steps; those of an array run at the same time, each on its own thread.</summary>
    internal IEnumerable<Step[]> ConcurrentSteps
    {
        get
        {
            var lanes = _lanes.Select(lane => lane.Steps.ToArray()).ToArray();
            return lanes[0].Select((_, step) => lanes.Select(steps => steps[step]).ToArray());
        }
    }

    /// <summary>Times the steps and the work between, with a clock a thread; none to end it.</summary>
    internal void Watch(IReadOnlyList<StepClock> clocks)
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
            _lanes[lane].Watch(clocks.ElementAtOrDefault(lane));
    }

    /// <summary>One batch, of it this rank's part, through both networks and back.</summary>
    /// <param name="weights">What the lanes load: the reconstruction's weights.</param>
    /// <param name="gradient">What the lanes yield is added to it.</param>
    /// <param name="generator">Where the images' randomness comes from.</param>
    /// <returns>Logit and feature-map loss, unweighted: what this rank's part gives to the means over the batch.</returns>
    internal (double Kd, double Fmd) Run(float[] weights, Span<float> gradient, Generator generator)
    {
        foreach (ref var image in _drawn.AsSpan())
            image = _images.Draw(generator);
        (_weights, _values, _next) = (weights, gradient.Length, 0);
        ParallelRegion.Run(this);
        _lanes[0].Clock?.Finish("waiting for the other threads");
        foreach (var part in _gradients)
            TensorPrimitives.Add(gradient, part.AsSpan(0, gradient.Length), gradient);
        var (kd, fmd) = (0.0, 0.0);
        foreach (var loss in _losses)
            (kd, fmd) = (kd + loss.Kd, fmd + loss.Fmd);
        _lanes[0].Clock?.Finish("gradient sum");
        return (kd / _drawn.Length, fmd / _drawn.Length);
    }

    /// <summary>Runs micro-batches on the lane of this thread until none is left.</summary>
    public void Execute(int part, int parts)
    {
        if (part >= _lanes.Length)
            return;
        var lane = _lanes[part];
        lane.Load(_weights);
        for (int share; (share = Interlocked.Increment(ref _next) - 1) < _losses.Length;)
        {
            _losses[share] = default;
            Array.Clear(_gradients[share], 0, _values);
            var (first, end) = ParallelRegion.Share(_microBatches, share, _losses.Length);
            for (var microBatch = first; microBatch < end; microBatch++)
                Run(lane, _drawn.AsSpan((_firstMicroBatch + microBatch) * _microBatch, _microBatch), ref _losses[share], _gradients[share]);
        }
    }

    /// <summary>Makes an image a mixture with another.</summary>
    /// <param name="image">The image.</param>
    /// <param name="other">The other.</param>
    /// <param name="share">What stays of the image, 0 to 1.</param>
    internal static void Mix(Span<float> image, ReadOnlySpan<float> other, float share)
    {
        TensorPrimitives.Multiply(image, share, image);
        TensorPrimitives.MultiplyAdd(other, 1 - share, image, image);
    }

    private void MixSome(ulong seed, Span<float> image, ReadOnlySpan<float> other)
    {
        // Another stream than the one that alters the image.
        var generator = new SplitMix64(~seed);
        if (generator.NextSingle() < Mixing)
            Mix(image, other, generator.NextSingle());
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
    }

    private void Run(DistillationLane lane, ReadOnlySpan<DrawnImage> drawn, ref (double Kd, double Fmd) losses, float[] gradients)
    {
        var length = lane.Images.Length / drawn.Length;
        for (var image = 0; image < drawn.Length; image++)
            _images.Write(drawn[image], lane.Images.Slice(image * length, length));
        for (var image = 0; image < drawn.Length && Mixing > 0; image++)
            MixSome(drawn[image].Seed, lane.Images.Slice(image * length, length), lane.Images.Slice((image + 1) % drawn.Length * length, length));
        lane.Clock?.Finish("images");
        var (kd, fmd) = lane.Run();
        losses = (losses.Kd + kd, losses.Fmd + fmd);
        lane.AddGradients(gradients.AsSpan(0, _values));
        lane.Clock?.Finish("gradients to kernels");
    }

    /// <summary>
    /// Images of a micro-batch: the divisor of <paramref name="batch"/> that shares it out over <paramref name="threads"/>
    /// most evenly, the largest of these that is not too large.
    /// </summary>
    internal static int MicroBatch(int batch, int threads) => Enumerable.Range(1, Math.Min(LargestMicroBatch, batch))
        .Where(size => batch % size == 0)
        .OrderDescending()
        .MinBy(size => ((batch / size) + threads - 1) / threads * size);
}
