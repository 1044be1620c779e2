using Nern.Kernels;

namespace Nern.Tests.Prediction;

/// <summary>Kernels, and blocks of them, read from rows as it is written (docs/formats.md), in float64, and the way back.</summary>
internal static class ReferenceReading
{
    /// <summary>The values of a kernel, or of a block, read from its row.</summary>
    internal static double[] Read(KernelLayout layout, int kernel, double[] row) =>
    [
        .. Windows(layout, kernel).Select(window => Unit(layout, kernel) * (layout.Reading == KernelReading.Max
            ? window.Max(place => row[place])
            : window.Average(place => row[place]))),
    ];

    /// <summary>The gradient at a row, from that at the values that are read.</summary>
    internal static double[] Back(KernelLayout layout, int kernel, double[] row, IReadOnlyList<double> gradient)
    {
        var result = new double[row.Length];
        foreach (var (i, window) in Windows(layout, kernel).Index())
            if (layout.Reading == KernelReading.Max)
                result[window.MaxBy(place => row[place])] += Unit(layout, kernel) * gradient[i];
            else
                foreach (var place in window)
                    result[place] += Unit(layout, kernel) * gradient[i] / window.Count;
        return result;
    }

    private static double Unit(KernelLayout layout, int kernel) => Math.Pow(2, layout.Exponents[WeightsOf(layout, kernel).Layer]);

    /// <summary>The layer of a kernel, or of a block, and which of its weights it has.</summary>
    internal static (int Layer, int First, int Count) WeightsOf(KernelLayout layout, int kernel)
    {
        for (var l = 0; ; l++)
        {
            var layer = layout.Layers[l];
            for (var filter = 0; filter < layer.Filters; filter++)
                for (var channel = 0; channel < layer.Channels; channel += ChannelsOfRow(layout, l))
                    if (kernel-- == 0)
                        return (l, ((filter * layer.Channels) + channel) * layer.KernelSize,
                            Math.Min(ChannelsOfRow(layout, l), layer.Channels - channel) * layer.KernelSize);
        }
    }

    /// <summary>How many kernels of a layer share a row.</summary>
    internal static int ChannelsOfRow(KernelLayout layout, int layer) => layout.Reading == KernelReading.Block
        ? Math.Min(layout.Layers[layer].Channels, layout.RowSize / layout.Layers[layer].KernelSize)
        : 1;

    /// <summary>What is not pooled is windows of one value; values that have an order of their own are read in that.</summary>
    private static List<List<int>> Windows(KernelLayout layout, int kernel)
    {
        var (l, first, count) = WeightsOf(layout, kernel);
        var windows = InTheirOrder(layout, kernel);
        return layout.ValueOrders is null
            ? windows : [.. Enumerable.Range(first, count).Select(weight => windows[layout.ValueOrders[l].Span[weight]])];
    }

    private static List<List<int>> InTheirOrder(KernelLayout layout, int kernel)
    {
        var (l, _, count) = WeightsOf(layout, kernel);
        var (height, width) = (layout.Layers[l].KernelHeight, layout.Layers[l].KernelWidth);
        if (ChannelsOfRow(layout, l) > 1)
            return [.. Enumerable.Range(0, count).Select(place => new List<int> { place })];
        var windows = new List<List<int>>();
        for (var i = 0; i < height; i++)
            for (var j = 0; j < width; j++)
                if (layout.Reading is KernelReading.Average or KernelReading.Max)
                {
                    var (top, left) = ((double)i * layout.Height / height, (double)j * layout.Width / width);
                    windows.Add([]);
                    for (var y = (int)Math.Floor(top); y < Math.Ceiling((i + 1.0) * layout.Height / height); y++)
                        for (var x = (int)Math.Floor(left); x < Math.Ceiling((j + 1.0) * layout.Width / width); x++)
                            windows[^1].Add((y * layout.Width) + x);
                }
                else
                    windows.Add([((((layout.Height - height) / 2) + i) * layout.Width) + ((layout.Width - width) / 2) + j]);
        return windows;
    }
}
