using System.Numerics.Tensors;
using Nern.Data;
using Nern.Engine;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Fitting.Distilling;

/// <summary>
/// The original and its reconstruction side by side on the same images: their losses, and the gradient at the predicted
/// weights. A batch runs as micro-batches that fit the caches; without batch statistics their gradients simply add up.
/// Each thread takes the next share of them when it is done with one, so that a core which is slowed down delays no other; what a
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
    private readonly int _rowSize;
    private readonly IImageSource _images;
    private readonly DrawnImage[] _drawn;
    private readonly int _microBatch;
    private float[] _predicted = [];
    private int[] _kernels = [];
    private int _count, _next;

    /// <param name="engine">The engine.</param>
    /// <param name="network">The original.</param>
    /// <param name="layout">The predicted kernels.</param>
    /// <param name="images">What the two networks are compared on.</param>
    /// <param name="rows">The most kernels a step asks gradients of.</param>
    /// <param name="options">How.</param>
    internal DistillationBatch(CpuEngine engine, Network network, KernelLayout layout, IImageSource images, int rows, FitOptions options)
    {
        network.Graph.InputShape.Check(images.Channels, images.Height, images.Width);
        _microBatch = MicroBatch(options.Inputs.Batch, ParallelRegion.Threads);
        var shares = Math.Min(options.Inputs.Batch / _microBatch, MostShares);
        _lanes = new DistillationLane[Math.Min(ParallelRegion.Threads, shares)];
        for (var lane = 0; lane < _lanes.Length; lane++)
            _lanes[lane] = ParallelRegion.OnOneThread(() => new DistillationLane(engine, network, layout, _microBatch, options));
        _gradients = [.. Enumerable.Range(0, shares).Select(_ => new float[rows * layout.RowSize])];
        _losses = new (double, double)[shares];
        _drawn = new DrawnImage[options.Inputs.Batch];
        _rowSize = layout.RowSize;
        _images = images;
    }

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

    /// <summary>
    /// One batch through both networks, with the reconstruction's weights as predicted, and back to the first
    /// <paramref name="count"/> of <paramref name="kernels"/>.
    /// </summary>
    /// <param name="predicted">All kernels, [kernels, K x K].</param>
    /// <param name="kernels">Kernels whose gradient is wanted, in ascending order.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">The gradient is added to their rows, [kernels, K x K].</param>
    /// <param name="generator">Where the images' randomness comes from.</param>
    /// <returns>Logit and feature-map loss, unweighted, as means over the batch.</returns>
    internal (double Kd, double Fmd) Run(float[] predicted, int[] kernels, int count, Span<float> rows, Generator generator)
    {
        foreach (ref var image in _drawn.AsSpan())
            image = _images.Draw(generator);
        (_predicted, _kernels, _count, _next) = (predicted, kernels, count, 0);
        ParallelRegion.Run(this);
        _lanes[0].Clock?.Finish("waiting for the other threads");
        var values = count * _rowSize;
        foreach (var gradient in _gradients)
            TensorPrimitives.Add(rows[..values], gradient.AsSpan(0, values), rows);
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
        lane.Load(_predicted);
        for (int share; (share = Interlocked.Increment(ref _next) - 1) < _losses.Length;)
        {
            _losses[share] = default;
            Array.Clear(_gradients[share], 0, _count * _rowSize);
            var (first, end) = ParallelRegion.Share(_drawn.Length / _microBatch, share, _losses.Length);
            for (var microBatch = first; microBatch < end; microBatch++)
                Run(lane, _drawn.AsSpan(microBatch * _microBatch, _microBatch), ref _losses[share], _gradients[share]);
        }
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
        lane.Clock?.Finish("images");
        var (kd, fmd) = lane.Run();
        losses = (losses.Kd + kd, losses.Fmd + fmd);
        lane.AddGradients(_kernels.AsSpan(0, _count), gradients);
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
