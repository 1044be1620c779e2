using Nern.Kernels;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>The means of filters that are known beside what is predicted of them (<see cref="KernelLayout.Means"/>), layer after layer, in a tensor.</summary>
internal static class StoredMeans
{
    internal const string Name = "predictor.means";

    /// <summary>The tensor; none where none are known.</summary>
    internal static IEnumerable<KeyValuePair<string, Tensor>> Write(KernelLayout layout) =>
        layout.Means is { } means ? [new(Name, Tensor.From([Count(layout)], [.. means.SelectMany(of => of.ToArray())]))] : [];

    /// <summary>The layout with them.</summary>
    /// <exception cref="InvalidDataException">There are none, or not as many as there are filters.</exception>
    internal static KernelLayout Read(KernelLayout layout, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var all = tensors.Find(Name, Count(layout)).ToFloats();
        var means = new List<ReadOnlyMemory<float>>();
        var first = 0;
        foreach (var layer in layout.Layers)
        {
            means.Add(all.AsMemory(first, layer.Filters));
            first += layer.Filters;
        }
        return layout.WithMeans(means);
    }

    /// <summary>How many there are.</summary>
    internal static int Count(KernelLayout layout) => layout.Layers.Sum(layer => layer.Filters);
}
