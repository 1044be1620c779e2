using System.Text.RegularExpressions;
using ScottPlot;

namespace Nern.Experiments;

/// <summary>Files of plots, PNG or SVG by their ending.</summary>
internal static class PlotFile
{
    internal static void Save(Plot plot, string file, int width, int height)
    {
        if (file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            plot.SavePng(file, width, height);
        else
            // Whoever looks at it may not have the font it was drawn with.
            File.WriteAllText(
                file, Regex.Replace(plot.GetSvgXml(width, height), "font-family=\"([^\"]*)\"", "font-family=\"$1, sans-serif\""));
    }
}
