using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Evaluation;

/// <summary>The images that a network classifies at a time, read by all threads.</summary>
internal sealed class LabelledBatch(LabelledImages images, Normalization normalization, NetworkPlan plan) : IParallelWork
{
    private readonly bool[] _isRead = new bool[plan.Batch];
    private int _first, _count, _next;

    /// <summary>Reads images from <paramref name="first"/> on to where the plan takes them, those that can be read side by side.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="end">Behind the last that may be read.</param>
    /// <param name="labels">Receives their labels.</param>
    /// <returns>How many there are.</returns>
    internal int Load(int first, int end, Span<int> labels)
    {
        (_first, _count, _next) = (first, Math.Min(plan.Batch, end - first), 0);
        ParallelRegion.Run(this);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!_isRead[i])
                continue;
            if (kept < i)
                Place(i).CopyTo(Place(kept));
            labels[kept++] = images.Labels[first + i];
        }
        return kept;
    }

    public void Execute(int part, int parts)
    {
        for (int i; (i = Interlocked.Increment(ref _next) - 1) < _count;)
            _isRead[i] = images.TryRead(_first + i, Place(i), normalization);
    }

    private Span<float> Place(int i) => plan.Images.Slice(i * images.ImageLength, images.ImageLength);
}
