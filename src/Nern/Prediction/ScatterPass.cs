using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The backward of <see cref="GatherPass{T, TElement}"/>: each row of the gradient is added to its rows of the three tables'
/// gradients.
/// </summary>
internal sealed class ScatterPass<T, TElement>(
    Coordinates coordinates, Memory gradient, Memory[] tableGradients, int width, KernelRows rows)
    : Step("predictor first layer backward")
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Work()
    {
        var source = gradient.AsSpan<T>();
        for (var axis = 0; axis < Coordinates.Axes; axis++)
        {
            var table = tableGradients[axis].AsSpan<float>();
            table.Clear();
            var indices = coordinates.Indices(axis);
            for (var row = 0; row < rows.Count; row++)
            {
                var sums = table.Slice(indices[rows[row]] * width, width);
                RowSum.Add<T, TElement>(
                    ref MemoryMarshal.GetReference(source.Slice(row * width, width)), ref MemoryMarshal.GetReference(sums), width);
            }
        }
    }
}
