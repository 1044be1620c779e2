using Nern.Checkpoints;
using Nern.Networks;

namespace Nern.NetworkFiles;

/// <summary>
/// Finds the layers of an architecture among those of a state that calls them otherwise, as other authors do: both in their order must
/// have the same parameters of the same shapes, all of them.
/// </summary>
internal static class LayerNames
{
    private sealed record Layer(string Name, SortedDictionary<string, IReadOnlyList<int>> Parameters)
    {
        internal bool IsLike(Layer other) => Parameters.Count == other.Parameters.Count
            && Parameters.All(parameter =>
                other.Parameters.TryGetValue(parameter.Key, out var shape) && parameter.Value.SequenceEqual(shape));
    }

    /// <summary>
    /// Layers of the state by the architecture's names, for those whose names differ; null if they do not go together. What is called the
    /// same is the same: the others are compared.
    /// </summary>
    /// <param name="graph">The architecture.</param>
    /// <param name="state">The tensors.</param>
    /// <param name="prefix">Looks only at names that begin so.</param>
    internal static IReadOnlyDictionary<string, string>? Match(Graph graph, Checkpoint state, string prefix = "")
    {
        var theirs = Layers(state.Tensors.Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(tensor => (tensor.Key[prefix.Length..], tensor.Value.Shape)));
        var ours = Layers(graph.Parameters.Select(parameter => (parameter.Name, (IReadOnlyList<int>)parameter.Shape)));
        var common = theirs.Select(layer => layer.Name).Intersect(ours.Select(layer => layer.Name)).ToHashSet();
        theirs.RemoveAll(layer => common.Contains(layer.Name));
        ours.RemoveAll(layer => common.Contains(layer.Name));
        return Pair(ours, theirs) ?? Pair(ShortcutsLast(ours), theirs);
    }

    private static Dictionary<string, string>? Pair(List<Layer> ours, List<Layer> theirs) =>
        ours.Count == theirs.Count && ours.Zip(theirs).All(pair => pair.First.IsLike(pair.Second))
            ? ours.Zip(theirs).ToDictionary(pair => pair.First.Name, pair => pair.Second.Name)
            : null;

    // Modules list a block's shortcut behind its other layers; torchvision's networks are built the other way round here.
    private static List<Layer> ShortcutsLast(List<Layer> layers) =>
        [.. layers.GroupBy(layer => Block(layer.Name)).SelectMany(block => block.OrderBy(layer => IsShortcut(layer.Name)))];

    private static bool IsShortcut(string name) => name.Contains(".downsample.", StringComparison.Ordinal);

    // layer2.0 of layer2.0.conv1 and of layer2.0.downsample.1.
    private static string Block(string name) => string.Join('.', name.Split('.').Take(2));

    private static List<Layer> Layers(IEnumerable<(string Name, IReadOnlyList<int> Shape)> tensors)
    {
        var layers = new OrderedDictionary<string, Layer>();
        foreach (var (name, shape) in tensors)
        {
            var point = name.LastIndexOf('.');
            var (layer, parameter) = (name[..Math.Max(0, point)], name[(point + 1)..]);
            if (parameter is "num_batches_tracked" or "total_ops" or "total_params")
                continue;
            if (!layers.TryGetValue(layer, out var found))
                layers.Add(layer, found = new(layer, new(StringComparer.Ordinal)));
            found.Parameters[parameter] = shape;
        }
        return [.. layers.Values];
    }
}
