using Nern.Files;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>The nodes of a model that some of its values need.</summary>
internal static class OnnxOrder
{
    /// <summary>
    /// Each after those it reads from, and else in the model's own order: some exporters write them in another. What only training or
    /// other values need is left out.
    /// </summary>
    /// <exception cref="InvalidDataException">Two nodes yield values of one name, or nodes need each other.</exception>
    internal static List<NodeProto> Needed(GraphProto graph, IEnumerable<string> values)
    {
        var producers = new Dictionary<string, int>();
        foreach (var (i, node) in graph.Node.Index())
            foreach (var output in node.Output.Where(output => output.Length > 0))
                if (!producers.TryAdd(output, i))
                    throw new InvalidDataException($"is an ONNX model that gives the name {MalformedFile.Quote(output)} to two values.");

        // From the values backwards: what is needed, and who waits for whom.
        var waiting = new Dictionary<int, int>();
        var readers = new Dictionary<int, List<int>>();
        var found = new Stack<int>();
        foreach (var value in values)
            Need(value, reader: null);
        while (found.TryPop(out var i))
            foreach (var input in graph.Node[i].Input.Where(input => input.Length > 0).Distinct())
                Need(input, i);

        var ready = new PriorityQueue<int, int>(waiting.Where(node => node.Value == 0).Select(node => (node.Key, node.Key)));
        var order = new List<NodeProto>();
        while (ready.TryDequeue(out var i, out _))
        {
            order.Add(graph.Node[i]);
            foreach (var reader in readers.GetValueOrDefault(i) ?? [])
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
        }
        return order.Count == waiting.Count
            ? order
            : throw new InvalidDataException(
                $"is an ONNX model whose node {MalformedFile.Quote(OnnxNode.NameOf(graph.Node[waiting.First(node => node.Value > 0).Key]))} needs its own result.");

        void Need(string value, int? reader)
        {
            if (!producers.TryGetValue(value, out var producer))
                return;
            if (waiting.TryAdd(producer, 0))
                found.Push(producer);
            if (reader is not { } waits)
                return;
            waiting[waits]++;
            (readers.TryGetValue(producer, out var those) ? those : readers[producer] = []).Add(waits);
        }
    }
}
