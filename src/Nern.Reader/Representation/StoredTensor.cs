using Nern.Networks;
using Nern.Predictor;

namespace Nern.Representation;

/// <summary>A tensor of a small .nern file: of the predictor, or of the network where it is not predicted.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Name">Its name in the network, or of the predictor's parameter.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where among the predictor's parameters it begins; null for one of the network.</param>
internal sealed record StoredTensor(string Key, string Name, int[] Shape, int? Offset)
{
    /// <summary>How many elements it has.</summary>
    internal long Count { get; } = Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>All of a file, in their order.</summary>
    /// <exception cref="InvalidDataException">The header names one that the network does not have.</exception>
    internal static List<StoredTensor> AllOf(SmallHeader header, Graph graph, PredictorDesign? design)
    {
        var all = new List<StoredTensor>();
        for (var layer = 0; layer < design?.Shape.Depth; layer++)
        {
            var (shape, name) = (design.Shape, $"predictor.{layer}");
            all.Add(new($"{name}.weight", $"{name}.weight", [shape.RowsOf(layer), shape.ColumnsOf(layer)], shape.WeightOffset(layer)));
            all.Add(new($"{name}.bias", $"{name}.bias", [shape.RowsOf(layer)], shape.BiasOffset(layer)));
        }
        var predicted = design?.Layout.Layers.Select(layer => layer.Weight).ToHashSet() ?? [];
        foreach (var (name, shape) in header.Shapes(graph))
            if (!predicted.Contains(name))
                all.Add(new($"network.{name}", name, shape, null));
        return all;
    }
}
