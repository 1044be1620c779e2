using Nern.Checkpoints;
using Nern.Networks;
using Nern.Tensors;

namespace Nern.NetworkFiles;

/// <summary>How the tensors of a state are those of an architecture.</summary>
/// <param name="Prefix">What stands before every name that is the network's.</param>
/// <param name="Layers">Layers that have another name in the state: by the architecture's name theirs, without the prefix.</param>
internal sealed record StateFit(string Prefix, IReadOnlyDictionary<string, string> Layers)
{
    // Deeper than modules are nested, and more networks than one state holds. Both bound the work on a file that is made to take long.
    private const int DeepestPrefix = 16, MostPrefixes = 8;

    private static readonly Dictionary<string, string> Unchanged = [];

    /// <summary>All ways in which the tensors fit, by names; if there is none, the one by shapes and order.</summary>
    internal static IReadOnlyList<StateFit> All(Graph graph, Checkpoint state)
    {
        var prefixes = Prefixes(graph, state);
        StateFit[] byName = [.. prefixes.Select(prefix => new StateFit(prefix, Unchanged)).Where(fit => fit.Misfits(graph, state) is null)];
        if (byName.Length > 0)
            return byName;
        var modules = state.Names.Select(name => name[..(name.IndexOf('.') + 1)]).Distinct().Take(MostPrefixes);
        foreach (var prefix in prefixes.Append("").Union(modules))
            if (LayerNames.Match(graph, state, prefix) is { } layers && new StateFit(prefix, layers) is var fit
                && fit.Misfits(graph, state) is null)
                return [fit];
        return [];
    }

    /// <summary>The prefix under which most names are the architecture's, if they are many; what to look at where nothing fits.</summary>
    internal static StateFit Nearest(Graph graph, Checkpoint state)
    {
        var nearest = new StateFit(Prefixes(graph, state).FirstOrDefault(""), Unchanged);
        return nearest.Below(state).Count() >= graph.Parameters.Count / 2 ? nearest : new("", Unchanged);
    }

    /// <summary>What is not as the architecture needs it; a tensor that cannot be read may be anything.</summary>
    internal string? Misfits(Graph graph, Checkpoint state)
    {
        var renamed = graph.Renamed(Layers);
        var needed = renamed.Parameters.Select(parameter => Prefix + parameter.Name).ToHashSet();
        return Network.Misfits(renamed,
        [
            .. Below(state).Select(tensor => KeyValuePair.Create(tensor.Key, (Tensor?)tensor.Value)),
            .. state.Unreadable.Keys.Where(needed.Contains).Select(name => KeyValuePair.Create(name[Prefix.Length..], (Tensor?)null)),
        ]);
    }

    /// <summary>The network's tensors, under their names in the state without the prefix.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Below(Checkpoint state) => state.Tensors.Where(Belongs)
        .Select(tensor => KeyValuePair.Create(tensor.Key[Prefix.Length..], tensor.Value));

    /// <summary>What stands beside the network's tensors.</summary>
    internal IEnumerable<string> Beside(Checkpoint state) => state.Tensors.Where(tensor => !Belongs(tensor)).Select(tensor => tensor.Key);

    private bool Belongs(KeyValuePair<string, Tensor> tensor) =>
        tensor.Key.Length > Prefix.Length && tensor.Key.StartsWith(Prefix, StringComparison.Ordinal) && !IsCount(tensor.Key);

    // What tools that count operations leave on every layer.
    private static bool IsCount(string name) => name[(name.LastIndexOf('.') + 1)..] is "total_ops" or "total_params";

    private static List<string> Prefixes(Graph graph, Checkpoint state)
    {
        var names = graph.Parameters.Select(parameter => parameter.Name).ToHashSet().GetAlternateLookup<ReadOnlySpan<char>>();
        var votes = new OrderedDictionary<string, int>();
        foreach (var name in state.Names.Concat(state.Unreadable.Keys))
            for (var (at, depth) = (0, 0); depth < DeepestPrefix; depth++)
            {
                if (names.Contains(name.AsSpan(at)))
                    votes[name[..at]] = votes.GetValueOrDefault(name[..at]) + 1;
                if ((at = name.IndexOf('.', at) + 1) == 0)
                    break;
            }
        return [.. votes.OrderByDescending(vote => vote.Value).Take(MostPrefixes).Select(vote => vote.Key)];
    }
}
