using Nern.Data;
using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Training;

/// <summary>The images of a step: drawn one after another, written by all threads.</summary>
internal sealed class TrainingBatch(LabelledImages images, IImageSource source, NetworkPlan plan) : IParallelWork
{
    private readonly DrawnImage[] _drawn = new DrawnImage[plan.Batch];
    private readonly int[] _labels = new int[plan.Batch];

    /// <summary>Their labels, [batch].</summary>
    internal ReadOnlySpan<int> Labels => _labels;

    /// <summary>Draws the next images and writes them to where the plan reads them.</summary>
    internal void Load(Generator generator)
    {
        foreach (ref var image in _drawn.AsSpan())
            image = source.Draw(generator);
        ParallelRegion.Run(this);
    }

    public void Execute(int part, int parts)
    {
        var (first, end) = ParallelRegion.Share(_drawn.Length, part, parts);
        for (var i = first; i < end; i++)
            _labels[i] = images.Labels[source.Write(_drawn[i], plan.Images.Slice(i * images.ImageLength, images.ImageLength))];
    }
}
