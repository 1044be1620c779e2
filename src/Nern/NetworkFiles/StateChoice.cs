using Nern.Checkpoints;
using Nern.Files;
using Nern.Networks;
using Nern.Tensors;

namespace Nern.NetworkFiles;

/// <summary>The state of a checkpoint that is a network of an architecture.</summary>
/// <param name="State">The state.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Graph">The architecture.</param>
/// <param name="Fit">Which of the tensors are the network's, and how they are called.</param>
internal sealed record StateChoice(StoredState State, Checkpoint Tensors, Graph Graph, StateFit Fit)
{
    private const int Examples = 3;

    private string Name => string.Join('.', new[] { State.Name, Fit.Prefix.TrimEnd('.') }.Where(part => part.Length > 0));

    private string Shown => Name.Length == 0 ? State.Shown : MalformedFile.Shorten(Name);

    /// <summary>Finds it.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="architecture">The architecture, given the tensors of a state.</param>
    /// <param name="state">Which one, where several fit, or null.</param>
    /// <exception cref="NernException">None fits, or several do; the message says how, or lists them.</exception>
    internal static StateChoice Of(CheckpointFile file, Func<Checkpoint, Graph> architecture, string? state)
    {
        var all = new List<StateChoice>();
        foreach (var stored in file.States)
        {
            var tensors = file.Read(stored);
            var graph = architecture(tensors);
            all.AddRange(StateFit.All(graph, tensors).Select(fit => new StateChoice(stored, tensors, graph, fit)));
        }
        var fitting = state is null ? all : CheckpointFile.Named(all, choice => choice.Name, state);
        return fitting.Count switch
        {
            1 => fitting[0].Readable(file),
            0 when all.Count > 0 && CheckpointFile.Named(file.States, stored => stored.Name, state!).Count == 0 => throw new NernException(
                $"'{file.Name}' has no state '{state}'; it holds {CheckpointFile.List(all.Select(choice => choice.Shown))}."),
            0 => throw Misfit(file, file.Find(state), architecture),
            _ => throw new NernException(
                $"'{file.Name}' holds several states that fit the architecture: {CheckpointFile.List(fitting.Select(choice => choice.Shown))}. "
                + "Say which with --state (--original-state)."),
        };
    }

    /// <summary>The network under the names of the file, which the architecture takes over.</summary>
    internal Network Network(Func<IEnumerable<KeyValuePair<string, Tensor>>, NetworkSource> source)
    {
        KeyValuePair<string, Tensor>[] tensors = [.. Fit.Below(Tensors)];
        return new(Graph.Renamed(Fit.Layers), tensors, source(tensors));
    }

    /// <summary>The network under the names of the architecture.</summary>
    internal Network Renamed(Func<IEnumerable<KeyValuePair<string, Tensor>>, NetworkSource> source)
    {
        var names = Fit.Layers.ToDictionary(layer => layer.Value, layer => layer.Key);
        KeyValuePair<string, Tensor>[] tensors = [.. Fit.Below(Tensors)
            .Select(tensor => KeyValuePair.Create(NameOf(tensor.Key), tensor.Value))];
        return new(Graph, tensors, source(tensors));

        string NameOf(string tensor)
        {
            var point = Math.Max(0, tensor.LastIndexOf('.'));
            return names.TryGetValue(tensor[..point], out var layer) ? layer + tensor[point..] : tensor;
        }
    }

    /// <summary>What was done that the user may not expect, a sentence each.</summary>
    internal IEnumerable<string> Notes(CheckpointFile file)
    {
        if (file.States.Where(state => state != State && state.Count >= State.Count / 2).ToList() is { Count: > 0 } others)
            yield return $"'{file.Name}' holds other states, too: {CheckpointFile.List(others.Select(state => state.Shown))}; this is {State.Shown}.";
        if (Fit.Layers.Count > 0)
            yield return $"'{file.Name}' calls {Fit.Layers.Count} of its layers otherwise, found by their shapes and order: "
                + string.Join(", ", Fit.Layers.Take(Examples).Select(layer => $"{MalformedFile.Shorten(layer.Value)} is {layer.Key}"))
                + (Fit.Layers.Count > Examples ? $" and {Fit.Layers.Count - Examples} more." : ".");
        if (Fit.Beside(Tensors).ToList() is { Count: > 0 } beside)
            yield return $"'{file.Name}' holds tensors beside the network, which are left aside: {CheckpointFile.List(beside)}.";
    }

    private StateChoice Readable(CheckpointFile file)
    {
        var problems = Graph.Renamed(Fit.Layers).Parameters.Select(parameter => Fit.Prefix + parameter.Name)
            .Where(Tensors.Unreadable.ContainsKey).Select(name => $"{name} {Tensors.Unreadable[name]}").ToList();
        return problems.Count == 0
            ? this
            : throw new NernException($"'{file.Name}' cannot be read as the architecture: {CheckpointFile.List(problems)}.");
    }

    private static NernException Misfit(CheckpointFile file, StoredState state, Func<Checkpoint, Graph> architecture)
    {
        var tensors = file.Read(state);
        var graph = architecture(tensors);
        var nearest = StateFit.Nearest(graph, tensors);
        return new($"'{file.Name}' does not fit the architecture: {nearest.Misfits(graph, tensors)}"
            + (nearest.Prefix.Length > 0 ? $" (all behind '{nearest.Prefix}')." : "."));
    }
}
