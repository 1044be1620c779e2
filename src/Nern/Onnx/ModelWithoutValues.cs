using Google.Protobuf;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Onnx;

/// <summary>Makes the skeleton of an ONNX model that a network came from (<see cref="OnnxSkeleton"/>).</summary>
internal static class ModelWithoutValues
{
    /// <summary>Takes the values out of <paramref name="model"/>.</summary>
    /// <param name="model">The model; it is changed.</param>
    /// <param name="imported">The network that was made of it.</param>
    /// <param name="external">Where data outside of the model is; what is not the network's comes into the model.</param>
    /// <returns>The model; in the place of each value stands the name of the network's tensor.</returns>
    internal static byte[] Of(ModelProto model, ImportedModel imported, ExternalData external)
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
                stored.ExternalData.Add(new StringStringEntryProto { Key = OnnxSkeleton.TransposedKey, Value = "1" });
        }
        foreach (var stored in TensorsOf(model).Where(stored => stored.DataLocation == OnnxTypes.External && !taken.Contains(stored)))
        {
            var tensor = OnnxTensor.Read(stored, external);
            Clear(stored);
            stored.RawData = ByteString.CopyFrom(tensor.Data.Span);
        }
        return model.ToByteArray();

        bool Take(TensorProto stored, string name)
        {
            if (!taken.Add(stored))
                return false;
            Clear(stored);
            stored.DataLocation = OnnxTypes.External;
            stored.ExternalData.Add(new StringStringEntryProto { Key = OnnxSkeleton.NameKey, Value = name });
            return true;
        }
    }

    private static IEnumerable<TensorProto> TensorsOf(ModelProto model) =>
        [.. model.Graph.Initializer, .. model.Graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null)
            .Select(attribute => attribute.T)];

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
}
