using Google.Protobuf;
using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Protocol;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>
/// The ONNX model that a network came from, without the values of the network's tensors: with them it becomes the same model
/// again, whatever else it holds.
/// </summary>
/// <param name="bytes">The model; in the place of each such value stands the name of the network's tensor.</param>
internal sealed class OnnxSkeleton(ReadOnlyMemory<byte> bytes)
{
    private const string NameKey = "nern.tensor", TransposedKey = "nern.transposed";

    /// <summary>The model as a file holds it.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Takes the values out of <paramref name="model"/>.</summary>
    /// <param name="model">The model; it is changed.</param>
    /// <param name="imported">The network that was made of it.</param>
    /// <param name="external">Where data outside of the model is; what is not the network's comes into the model.</param>
    internal static OnnxSkeleton Of(ModelProto model, ImportedModel imported, ExternalData external)
    {
        var taken = new HashSet<TensorProto>(ReferenceEqualityComparer.Instance);
        // Kernels first: what they were computed of goes with that.
        var computed = new ComputedValues(model.Graph);
        foreach (var (name, value, shape) in imported.Computed)
            Take(computed.Replace(value, shape), name);
        computed.RemoveUnused();
        foreach (var (name, stored, isTransposed) in imported.Stored)
        {
            if (Take(stored, name) && isTransposed)
                stored.ExternalData.Add(new StringStringEntryProto { Key = TransposedKey, Value = "1" });
        }
        foreach (var stored in TensorsOf(model).Where(stored => stored.DataLocation == OnnxTypes.External && !taken.Contains(stored)))
            Fill(stored, OnnxTensor.Read(stored, external));
        return new(model.ToByteArray());

        bool Take(TensorProto stored, string name)
        {
            if (!taken.Add(stored))
                return false;
            Clear(stored);
            stored.DataLocation = OnnxTypes.External;
            stored.ExternalData.Add(new StringStringEntryProto { Key = NameKey, Value = name });
            return true;
        }
    }

    /// <summary>The model with the tensors of <paramref name="network"/>, in the element types it had.</summary>
    /// <exception cref="InvalidDataException">The two do not fit together.</exception>
    internal ModelProto Fill(Network network)
    {
        ModelMemory.Check(Bytes.Span);
        var model = ModelProto.Parser.ParseFrom(Bytes.Span);
        if (model.Graph is null)
            throw new InvalidDataException("has no graph");
        var places = TensorsOf(model).Where(stored => stored.DataLocation == OnnxTypes.External)
            .Select(stored => (stored, Value(stored, NameKey))).ToList();
        var names = places.Select(place => place.Item2).ToHashSet();
        if (network.Graph.Nodes.FirstOrDefault(node => node is Convolution && !names.Contains($"{node.Name}.weight")) is { } homeless)
            throw new InvalidDataException($"has no place for the kernels of {MalformedFile.Quote(homeless.Name)}");
        foreach (var (stored, place) in places)
        {
            if (place is not { } name)
                continue;
            var tensor = network.Tensors.GetValueOrDefault(name)
                ?? throw new InvalidDataException($"has no tensor {MalformedFile.Quote(name)}");
            if (!OnnxTypes.IsFloatingPoint(stored.DataType))
                throw new InvalidDataException($"has {OnnxTensor.Quote(stored)} of a type that is no floating-point one");
            if (tensor.Count != stored.Dims.Aggregate((Int128)1, (product, extent) => product * extent))
                throw new InvalidDataException($"has {OnnxTensor.Quote(stored)} of another size than {MalformedFile.Quote(name)}");
            if (Value(stored, TransposedKey) is not null)
                tensor = stored.Dims is [var rows, var columns]
                    ? new Tensor(tensor.Type, [checked((int)columns), checked((int)rows)], tensor.Data).Transposed()
                    : throw new InvalidDataException($"has {OnnxTensor.Quote(stored)}, which is no matrix");
            Fill(stored, tensor.As(OnnxTypes.Of(stored.DataType)!.Value));
        }
        return model;
    }

    private static IEnumerable<TensorProto> TensorsOf(ModelProto model) =>
        [.. model.Graph.Initializer, .. model.Graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null)
            .Select(attribute => attribute.T)];

    private static void Fill(TensorProto stored, Tensor tensor)
    {
        Clear(stored);
        stored.RawData = ByteString.CopyFrom(tensor.Data.Span);
    }

    private static void Clear(TensorProto stored)
    {
        stored.ClearRawData();
        stored.ClearDataLocation();
        stored.FloatData.Clear();
        stored.DoubleData.Clear();
        stored.Int32Data.Clear();
        stored.Int64Data.Clear();
        stored.ExternalData.Clear();
    }

    private static string? Value(TensorProto stored, string key) => stored.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
}
