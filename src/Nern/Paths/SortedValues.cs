using Nern.Kernels;

namespace Nern.Paths;

/// <summary>
/// The values of each row from the least to the largest. A smooth path through n points of d dimensions leaves steps of about n^(-1/d); what is sorted has far
/// fewer dimensions that matter. Not in the paper, which orders kernels as wholes.
/// </summary>
internal static class SortedValues
{
    /// <summary>The order of the values of a layer, as <see cref="KernelLayout.ValueOrders"/> has it.</summary>
    /// <param name="layout">How they lie in rows.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights, [filters, channels, height, width]; of equal ones the first is first.</param>
    internal static int[] OrderOf(KernelLayout layout, int layer, ReadOnlySpan<float> weights)
    {
        var order = new int[weights.Length];
        var (values, indices) = (new float[layout.RowSize], new int[layout.RowSize]);
        for (var row = 0; row < layout.Counts[layer]; row++)
        {
            var (first, count) = layout.WeightsOf(layer, row);
            weights.Slice(first, count).CopyTo(values);
            for (var i = 0; i < count; i++)
                indices[i] = i;
            indices.AsSpan(0, count).Sort((a, b) => values[a] != values[b] ? values[a].CompareTo(values[b]) : a - b);
            for (var place = 0; place < count; place++)
                order[first + indices[place]] = place;
        }
        return order;
    }
}
