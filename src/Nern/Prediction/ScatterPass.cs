using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The backward of <see cref="GatherPass{T, TElement}"/>: each row of the gradient is added to its rows of the three tables'
/// gradients. Threads share out columns, so that the sums do not depend on how many there are.
/// </summary>
internal sealed class ScatterPass<T, TElement>(
    Coordinates coordinates, Memory gradient, Memory[] tableGradients, int width, KernelRows rows)
    : ParallelStep("predictor first layer backward")
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var (firstBlock, endBlock) = ParallelRegion.Share((width + 15) / 16, part, parts);
        var (first, count) = (firstBlock * 16, Math.Min(endBlock * 16, width) - (firstBlock * 16));
        if (count <= 0)
            return;
        var source = gradient.AsSpan<T>();
        for (var axis = 0; axis < Coordinates.Axes; axis++)
        {
            var table = tableGradients[axis].AsSpan<float>();
            for (var start = first; start < table.Length; start += width)
                table.Slice(start, count).Clear();
            var indices = coordinates.Indices(axis);
            for (var row = 0; row < rows.Count; row++)
            {
                var sums = table.Slice((indices[rows[row]] * width) + first, count);
                RowSum.Add<T, TElement>(
                    ref MemoryMarshal.GetReference(source.Slice((row * width) + first, count)), ref MemoryMarshal.GetReference(sums),
                    count);
            }
        }
    }
}
