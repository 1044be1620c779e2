using Nern.Networks;

namespace Nern.Kernels;

/// <summary>A convolution whose kernels a predictor gives.</summary>
/// <param name="Name">The convolution's name.</param>
/// <param name="Filters">Filters.</param>
/// <param name="Channels">Channels a filter sees.</param>
/// <param name="KernelHeight">Rows of a kernel.</param>
/// <param name="KernelWidth">Columns of a kernel.</param>
public sealed record LearnableLayer(string Name, int Filters, int Channels, int KernelHeight, int KernelWidth)
{
    /// <summary>Kernels of the layer.</summary>
    public int Kernels => checked(Filters * Channels);

    /// <summary>Values of a kernel.</summary>
    public int KernelSize => KernelHeight * KernelWidth;

    /// <summary>The name of the layer's weight tensor.</summary>
    public string Weight => $"{Name}.weight";

    /// <summary>All convolutions of <paramref name="graph"/>, in its order. A filter sees the channels of its group.</summary>
    public static IReadOnlyList<LearnableLayer> AllOf(Graph graph) =>
        [.. Enumerable.Range(0, graph.Nodes.Count).Where(i => graph.Nodes[i] is Convolution).Select(i =>
        {
            var convolution = (Convolution)graph.Nodes[i];
            return new LearnableLayer(
                convolution.Name, convolution.Filters, graph.InputShapesOf(i)[0].Channels / convolution.Groups, convolution.KernelHeight,
                convolution.KernelWidth);
        })];
}
