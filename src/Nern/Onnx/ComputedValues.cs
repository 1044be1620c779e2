using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Onnx;

/// <summary>Puts tensors in the place of values that a model computes of constants, and takes away what then computes nothing.</summary>
internal sealed class ComputedValues
{
    // Attribute types.
    private const int Graph = 5, Graphs = 10;

    private readonly GraphProto _graph;
    private readonly Dictionary<string, int> _uses = [];
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, TensorProto> _stored;
    private readonly bool _hasBodies;
    private readonly HashSet<object> _removed = new(ReferenceEqualityComparer.Instance);

    internal ComputedValues(GraphProto graph)
    {
        _graph = graph;
        _stored = graph.Initializer.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name);
        foreach (var node in graph.Node)
            foreach (var output in node.Output.Where(output => output.Length > 0))
                _producers[output] = node;
        _hasBodies = graph.Node.Any(node => node.Attribute.Any(attribute => attribute.Type is Graph or Graphs));
        foreach (var name in graph.Output.Select(output => output.Name).Concat(Reads(graph)))
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
    }

    /// <summary>A tensor for <paramref name="value"/>, in the type it has; the caller gives it its data.</summary>
    internal TensorProto Replace(string value, IReadOnlyList<int> shape)
    {
        var tensor = new TensorProto { Name = value, DataType = TypeOf(value) };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        if (_producers.Remove(value, out var producer))
        {
            var place = producer.Output.IndexOf(value);
            producer.Output[place] = "";
            RemoveIfUnused(producer);
            if (!_removed.Contains(producer))
                producer.Output[place] = UniqueName($"{value}/computed");
        }
        else if (_stored.TryGetValue(value, out var stored))
        {
            _removed.Add(stored);
        }
        _stored[value] = tensor;
        _graph.Initializer.Add(tensor);
        return tensor;
    }

    /// <summary>Takes away what no longer computes anything.</summary>
    internal void RemoveUnused()
    {
        if (_removed.Count == 0)
            return;
        NodeProto[] nodes = [.. _graph.Node.Where(node => !_removed.Contains(node))];
        TensorProto[] tensors = [.. _graph.Initializer.Where(tensor => !_removed.Contains(tensor))];
        var names = _removed.OfType<TensorProto>().Select(tensor => tensor.Name).Except(tensors.Select(tensor => tensor.Name)).ToHashSet();
        ValueInfoProto[] inputs = [.. _graph.Input.Where(input => !names.Contains(input.Name))];
        _graph.Node.Clear();
        _graph.Node.AddRange(nodes);
        _graph.Initializer.Clear();
        _graph.Initializer.AddRange(tensors);
        _graph.Input.Clear();
        _graph.Input.AddRange(inputs);
    }

    private void RemoveIfUnused(NodeProto first)
    {
        var waiting = new Stack<NodeProto>([first]);
        while (waiting.TryPop(out var node))
        {
            if (node.Output.Any(output => output.Length > 0 && _uses.GetValueOrDefault(output) > 0) || !_removed.Add(node))
                continue;
            // What the bodies of loops and conditions read is not known here.
            foreach (var input in node.Input.Where(input => input.Length > 0 && !_hasBodies))
            {
                if (--_uses[input] > 0)
                    continue;
                if (_producers.TryGetValue(input, out var producer))
                    waiting.Push(producer);
                else if (_stored.TryGetValue(input, out var stored))
                    _removed.Add(stored);
            }
        }
    }

    /// <summary>The element type that a constant has in the model; its elements were computed in another.</summary>
    private int TypeOf(string value)
    {
        var seen = new HashSet<string>();
        var waiting = new Stack<string>([value]);
        while (waiting.TryPop(out var name))
        {
            if (!seen.Add(name))
                continue;
            if (_stored.TryGetValue(name, out var stored) && OnnxTypes.IsFloatingPoint(stored.DataType))
                return stored.DataType;
            if (!_producers.TryGetValue(name, out var node))
                continue;
            if (node.Attribute.FirstOrDefault(attribute => attribute is { Name: "to" } or { T: not null }) is { } attribute
                && (attribute.T?.DataType ?? (int)attribute.I) is var type && OnnxTypes.IsFloatingPoint(type))
                return type;
            foreach (var input in node.Input.Reverse())
                waiting.Push(input);
        }
        return OnnxTypes.Float;
    }

    private string UniqueName(string name)
    {
        while (_producers.ContainsKey(name) || _stored.ContainsKey(name))
            name += "_";
        return name;
    }

    private static IEnumerable<string> Reads(GraphProto graph) => graph.Node.SelectMany(node => node.Input).Where(name => name.Length > 0);
}
