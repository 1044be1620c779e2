using System.Numerics.Tensors;
using Nern.Kernels;

namespace Nern.Objectives;

/// <summary>How far two sets of kernels, in the rows of a <see cref="KernelLayout"/>, are apart.</summary>
public static class KernelDistances
{
    /// <summary>The squared distance of a layer's weights in two sets of rows.</summary>
    public static double SquaredDistance(this KernelLayout layout, ReadOnlySpan<float> first, ReadOnlySpan<float> second, int layer) =>
        (double)layout.Units[layer] * layout.Units[layer] * InUnits(layout, first, second, layer);

    /// <summary>The squared distance of all weights in two sets of rows.</summary>
    public static double SquaredDistance(this KernelLayout layout, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = 0.0;
        for (var layer = 0; layer < layout.Layers.Count; layer++)
            sum += layout.SquaredDistance(first, second, layer);
        return sum;
    }

    private static double InUnits(KernelLayout layout, ReadOnlySpan<float> first, ReadOnlySpan<float> second, int layer)
    {
        var a = layout.RowsOf(first, layer);
        var b = layout.RowsOf(second, layer);
        var sum = 0.0;
        if (layout.FillsRows(layer))
        {
            // Chunks keep the float32 sums short.
            for (var start = 0; start < a.Length; start += 4096)
            {
                var count = Math.Min(4096, a.Length - start);
                var distance = TensorPrimitives.Distance(a.Slice(start, count), b.Slice(start, count));
                sum += (double)distance * distance;
            }
            return sum;
        }
        for (var row = 0; row < layout.Counts[layer]; row++)
            foreach (var position in layout.PositionsOf(layer, row))
            {
                var difference = (double)a[(row * layout.RowSize) + position] - b[(row * layout.RowSize) + position];
                sum += difference * difference;
            }
        return sum;
    }
}
