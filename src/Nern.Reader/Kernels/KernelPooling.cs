namespace Nern.Kernels;

/// <summary>
/// Kernels smaller than K x K as pooled values of a predictor's output. Value i of k lies in the window from floor(i K / k) to before
/// ceil((i + 1) K / k), down and across: the windows of PyTorch's adaptive pooling. What is pooled goes where <see cref="KernelLayout"/>
/// reads it, in place; kernels of K x K stay as they are.
/// </summary>
internal sealed class KernelPooling
{
    private readonly KernelLayout _layout;
    private readonly bool _largestOnly;

    // For each layer, for each value of its kernels, where in a row the values of its window stand; nothing for a layer of K x K.
    private readonly int[][][] _windows;

    private KernelPooling(KernelLayout layout)
    {
        _layout = layout;
        _largestOnly = layout.Reading == KernelReading.Max;
        _windows = [.. layout.Layers.Select(layer => layer.KernelSize == layout.RowSize ? [] : Windows(layer))];
    }

    /// <summary>What a layout's reading asks for: null where there is nothing to be pooled.</summary>
    internal static KernelPooling? Of(KernelLayout layout) =>
        layout.Reading is KernelReading.Average or KernelReading.Max && layout.Layers.Any(layer => layer.KernelSize < layout.RowSize)
            ? new(layout) : null;

    /// <summary>Pools the row of a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="row">What the predictor gives, [K x K]; the kernel afterwards, where the layout has it.</param>
    /// <param name="largest">With the maximum, receives where each value came from, [K x K].</param>
    internal void Pool(int kernel, Span<float> row, Span<int> largest)
    {
        var layer = _layout.LayerOf(kernel);
        var windows = _windows[layer];
        var positions = _layout.Positions(layer);
        Span<float> values = stackalloc float[windows.Length];
        for (var i = 0; i < windows.Length; i++)
            values[i] = _largestOnly ? row[largest[i] = Largest(row, windows[i])] : Mean(row, windows[i]);
        for (var i = 0; i < windows.Length; i++)
            row[positions[i]] = values[i];
    }

    /// <summary>The way back.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="gradient">At the kernel, where the layout has it; afterwards at what the predictor gave, [K x K].</param>
    /// <param name="largest">With the maximum, what <see cref="Pool"/> left.</param>
    internal void Unpool(int kernel, Span<float> gradient, ReadOnlySpan<int> largest)
    {
        var layer = _layout.LayerOf(kernel);
        var windows = _windows[layer];
        var positions = _layout.Positions(layer);
        if (windows.Length == 0)
            return;
        Span<float> values = stackalloc float[windows.Length];
        for (var i = 0; i < windows.Length; i++)
            values[i] = gradient[positions[i]];
        gradient.Clear();
        for (var i = 0; i < windows.Length; i++)
            if (_largestOnly)
                gradient[largest[i]] += values[i];
            else
                foreach (var place in windows[i])
                    gradient[place] += values[i] / windows[i].Length;
    }

    /// <summary>The first of several that are equally large.</summary>
    private static int Largest(ReadOnlySpan<float> row, int[] window)
    {
        var largest = window[0];
        foreach (var place in window)
            if (row[place] > row[largest])
                largest = place;
        return largest;
    }

    private static float Mean(ReadOnlySpan<float> row, int[] window)
    {
        var sum = 0f;
        foreach (var place in window)
            sum += row[place];
        return sum / window.Length;
    }

    private int[][] Windows(LearnableLayer layer) =>
    [
        .. from y in Enumerable.Range(0, layer.KernelHeight)
           from x in Enumerable.Range(0, layer.KernelWidth)
           select (
               from row in Window(y, layer.KernelHeight, _layout.Height)
               from column in Window(x, layer.KernelWidth, _layout.Width)
               select (row * _layout.Width) + column).ToArray(),
    ];

    private static IEnumerable<int> Window(int index, int count, int size)
    {
        var (first, end) = (index * size / count, (((index + 1) * size) + count - 1) / count);
        return Enumerable.Range(first, end - first);
    }
}

/// <summary>How a kernel smaller than the predictor's K x K output is read from it.</summary>
public enum KernelReading
{
    /// <summary>The middle of it, as in the paper.</summary>
    Middle,
    /// <summary>Each value is the mean of a window (adaptive average pooling).</summary>
    Average,
    /// <summary>Each value is the largest of a window (adaptive max pooling).</summary>
    Max,
    /// <summary>As many neighbouring channels of a filter as fit share it, one behind the other: nine of 1x1 in 3x3.</summary>
    Block,
}
