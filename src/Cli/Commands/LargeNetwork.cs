using System.CommandLine;
using Nern.Cli.Options;
using Nern.Kernels;

namespace Nern.Cli.Commands;

/// <summary>The 3x3 convolutions of torchvision's ResNet-18: what large networks are measured with.</summary>
internal static class LargeNetwork
{
    private const int LargestWidth = 128;

    /// <summary>The option that <see cref="Layers"/> takes.</summary>
    internal static Option<int> WidthSetting() => Setting.Number(
        "--width", "N", 64, "Filters of the first stage; the others have two, four and eight times as many.");

    /// <summary>The sixteen layers.</summary>
    /// <param name="width">Filters of the first stage; ResNet-18 has 64.</param>
    /// <exception cref="NernException">The width is out of range.</exception>
    internal static IReadOnlyList<LearnableLayer> Layers(int width)
    {
        if (width is < 1 or > LargestWidth)
            throw new NernException($"--width must lie between 1 and {LargestWidth}; got {width}.");
        var layers = new List<LearnableLayer>();
        var channels = width;
        for (var stage = 0; stage < 4; stage++)
        {
            var filters = width << stage;
            for (var i = 0; i < 4; i++)
            {
                layers.Add(new($"layer{stage + 1}.{i / 2}.conv{(i % 2) + 1}", filters, channels, 3, 3));
                channels = filters;
            }
        }
        return layers;
    }
}
