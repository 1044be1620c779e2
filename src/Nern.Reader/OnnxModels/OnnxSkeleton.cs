using Nern.Files;
using Nern.Networks;
using Nern.Tensors;
using TensorField = Nern.OnnxModels.OnnxFields.Tensor;

namespace Nern.OnnxModels;

/// <summary>
/// The ONNX model that a network came from, without the values of the network's tensors: with them it becomes the same model
/// again, whatever else it holds.
/// </summary>
internal static class OnnxSkeleton
{
    /// <summary>Under it stands, in the place of a value, the name of the network's tensor.</summary>
    internal const string NameKey = "nern.tensor";

    /// <summary>It is there where the model has the tensor the other way round.</summary>
    internal const string TransposedKey = "nern.transposed";

    /// <summary>The model with the tensors of a network, in the element types it had.</summary>
    /// <param name="bytes">The model without them.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="InvalidDataException">The two do not fit together.</exception>
    internal static WireMessage Fill(ReadOnlyMemory<byte> bytes, Network network)
    {
        var model = WireMessage.Read(bytes);
        var names = new HashSet<string>();
        int[] graphs = [.. model.MessagesAt(OnnxFields.Model.Graph)];
        if (graphs.Length == 0)
            throw new InvalidDataException("has no graph");
        foreach (var at in graphs)
        {
            var graph = WireMessage.Read(model.Fields[at].Bytes);
            Within(graph, OnnxFields.Graph.Initializers, tensor => Filled(tensor, network, names));
            Within(graph, OnnxFields.Graph.Nodes, node => Within(
                node, OnnxFields.Node.Attributes, attribute => Within(
                    attribute, OnnxFields.Attribute.Tensor, tensor => Filled(tensor, network, names))));
            model.Replace(at, graph);
        }
        return network.Graph.Nodes.FirstOrDefault(node => node is Convolution && !names.Contains($"{node.Name}.weight")) is { } homeless
            ? throw new InvalidDataException($"has no place for the kernels of {MalformedFile.Quote(homeless.Name)}")
            : model;
    }

    /// <summary>Lets a change be made to each message of a field: null for none.</summary>
    /// <returns>The message, changed; null where nothing in it was.</returns>
    private static WireMessage? Within(WireMessage message, int field, Func<WireMessage, WireMessage?> change)
    {
        var isChanged = false;
        foreach (var at in message.MessagesAt(field).ToList())
            if (change(WireMessage.Read(message.Fields[at].Bytes)) is { } changed)
            {
                message.Replace(at, changed);
                isChanged = true;
            }
        return isChanged ? message : null;
    }

    private static WireMessage? Filled(WireMessage stored, Network network, HashSet<string> names)
    {
        if (stored.Number(TensorField.DataLocation) != OnnxTypes.External || Value(stored, NameKey) is not { } name)
            return null;
        names.Add(name);
        var tensor = network.Tensors.GetValueOrDefault(name)
            ?? throw new InvalidDataException($"has no tensor {MalformedFile.Quote(name)}");
        var quoted = $"a tensor {MalformedFile.Quote(stored.Text(TensorField.Name) ?? "")}";
        var type = (int)Math.Clamp(stored.Number(TensorField.DataType) ?? 0, 0, int.MaxValue);
        if (!OnnxTypes.IsFloatingPoint(type))
            throw new InvalidDataException($"has {quoted} of a type that is no floating-point one");
        long[] dimensions = [.. stored.Numbers(TensorField.Dimensions)];
        if (tensor.Count != dimensions.Aggregate((Int128)1, (product, extent) => product * extent))
            throw new InvalidDataException($"has {quoted} of another size than {MalformedFile.Quote(name)}");
        if (Value(stored, TransposedKey) is not null)
            tensor = dimensions is [var rows, var columns]
                ? new Tensor(tensor.Type, [checked((int)columns), checked((int)rows)], tensor.Data).Transposed()
                : throw new InvalidDataException($"has {quoted}, which is no matrix");
        return stored.With(
            TensorField.RawData, tensor.As(OnnxTypes.Of(type)!.Value).Data, TensorField.ExternalData, TensorField.DataLocation,
            TensorField.RawData, TensorField.FloatData, TensorField.Int32Data, TensorField.Int64Data, TensorField.DoubleData);
    }

    private static string? Value(WireMessage tensor, string key) => tensor.MessagesAt(TensorField.ExternalData)
        .Select(at => WireMessage.Read(tensor.Fields[at].Bytes)).FirstOrDefault(entry => entry.Text(OnnxFields.Entry.Key) == key)
        ?.Text(OnnxFields.Entry.Value);
}
