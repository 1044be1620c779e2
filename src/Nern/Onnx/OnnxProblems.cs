using Nern.Files;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>Why nodes of a model cannot be run.</summary>
internal sealed class OnnxProblems
{
    private const int ListedKinds = 12, ListedNames = 3;

    private readonly List<(NodeProto Node, string Why)> _problems = [];

    /// <summary>Notes that a node cannot be run.</summary>
    internal void Add(NodeProto node, string why)
    {
        var domain = node.Domain is "" or "ai.onnx" ? "" : $"{node.Domain}.";
        _problems.Add((node, $"{MalformedFile.Shorten(domain + node.OpType)} {MalformedFile.Shorten(why.TrimEnd('.'))}"));
    }

    /// <summary>One sentence on those of <paramref name="nodes"/> that cannot be run, equal reasons together; null if all can.</summary>
    internal string? Describe(IReadOnlyCollection<NodeProto> nodes)
    {
        var needed = nodes.ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var problems = _problems.Where(problem => needed.Contains(problem.Node)).ToList();
        if (problems.Count == 0)
            return null;
        var kinds = problems.GroupBy(problem => problem.Why, problem => MalformedFile.Quote(OnnxNode.NameOf(problem.Node))).ToList();
        return $"has {problems.Count} {(problems.Count == 1 ? "node" : "nodes")} that cannot be run: "
            + string.Join("; ", kinds.Take(ListedKinds).Select(kind => $"{kind.Key} ({Listed([.. kind])})"))
            + (kinds.Count > ListedKinds ? $"; and {kinds.Count - ListedKinds} kinds more." : ".");
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count > ListedNames + 1
        ? $"{string.Join(", ", names.Take(ListedNames))} and {names.Count - ListedNames} more"
        : string.Join(", ", names);
}

/// <summary>A node of an ONNX model asks for something that is not supported; the message goes on from the node's name.</summary>
internal sealed class UnsupportedNodeException(string message) : Exception(message);
