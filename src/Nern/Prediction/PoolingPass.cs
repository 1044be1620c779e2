using Nern.Engine;
using Nern.Kernels;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>Pools the kernels that are smaller than the predictor's output, in place, or carries their gradient back.</summary>
/// <param name="pooling">How.</param>
/// <param name="outputs">The predictor's output or its gradient, [rows, K x K].</param>
/// <param name="largest">Where each maximum came from, alike: written on the way forward, read on the way back.</param>
/// <param name="rows">The kernels of the rows.</param>
/// <param name="back">Whether it is the way back.</param>
internal sealed class PoolingPass(KernelPooling pooling, Memory outputs, int[] largest, KernelRows rows, bool back = false)
    : Step(back ? "predictor pooling backward" : "predictor pooling")
{
    protected override void Work()
    {
        var size = outputs.Descriptor.Dimensions[1];
        var all = outputs.AsSpan<float>();
        for (var row = 0; row < rows.Count; row++)
        {
            var values = all.Slice(row * size, size);
            var places = largest.AsSpan(row * size, size);
            if (back)
                pooling.Unpool(rows[row], values, places);
            else
                pooling.Pool(rows[row], values, places);
        }
    }
}
