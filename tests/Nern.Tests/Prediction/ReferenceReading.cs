using Nern.Kernels;

namespace Nern.Tests.Prediction;

/// <summary>Kernels read from rows as it is written, in float64, and the way back.</summary>
internal static class ReferenceReading
{
    /// <summary>The values of a kernel of a layer, read from a row.</summary>
    internal static double[] Read(KernelLayout layout, int layer, KernelReading reading, double[] row) =>
    [
        .. Windows(layout, layer, reading).Select(window => reading == KernelReading.Max
            ? window.Max(place => row[place])
            : window.Average(place => row[place])),
    ];

    /// <summary>The gradient at a row, from that at the kernel's values.</summary>
    internal static double[] Back(KernelLayout layout, int layer, KernelReading reading, double[] row, IReadOnlyList<double> gradient)
    {
        var result = new double[row.Length];
        foreach (var (i, window) in Windows(layout, layer, reading).Index())
            if (reading == KernelReading.Max)
                result[window.MaxBy(place => row[place])] += gradient[i];
            else
                foreach (var place in window)
                    result[place] += gradient[i] / window.Count;
        return result;
    }

    /// <summary>The middle as windows of one value.</summary>
    private static List<List<int>> Windows(KernelLayout layout, int layer, KernelReading reading)
    {
        if (reading == KernelReading.Middle)
            return [.. layout.Positions(layer).ToArray().Select(position => new List<int> { position })];
        var (height, width) = (layout.Layers[layer].KernelHeight, layout.Layers[layer].KernelWidth);
        var windows = new List<List<int>>();
        for (var i = 0; i < height; i++)
            for (var j = 0; j < width; j++)
            {
                windows.Add([]);
                for (var y = (int)Math.Floor((double)i * layout.Height / height); y < Math.Ceiling((i + 1.0) * layout.Height / height); y++)
                    for (var x = (int)Math.Floor((double)j * layout.Width / width); x < Math.Ceiling((j + 1.0) * layout.Width / width); x++)
                        windows[^1].Add((y * layout.Width) + x);
            }
        return windows;
    }
}
