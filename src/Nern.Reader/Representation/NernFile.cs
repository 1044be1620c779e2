using System.Text.Json;
using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Files;
using Nern.Networks;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// The .nern file: a safetensors file that holds a whole <see cref="NeuralRepresentation"/> (docs/formats.md). A SHA-256 over
/// all its bytes, itself read as zeros, stands in the metadata; a file that was altered or cut is refused.
/// </summary>
public static class NernFile
{
    private const string Description = "a .nern file";
    internal const string OnnxTensor = "onnx.model";
    private const string Outputs = "nern.outputs", Features = "features";
    private static readonly SealedFile Format = new("nern", "1"), SmallFormat = new("nern", "2") { AlsoReads = ["1"] };

    /// <summary>Writes the file, atomically. Equal representations give equal bytes.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, NeuralRepresentation representation)
    {
        var (format, tensors, metadata) = Parts(representation);
        format.Save(path, tensors, metadata);
    }

    /// <summary>The bytes that the file takes.</summary>
    internal static long SizeOf(NeuralRepresentation representation)
    {
        var (format, tensors, metadata) = Parts(representation);
        return format.SizeOf(tensors, metadata);
    }

    /// <summary>The digest that the file has, which tells it from any other.</summary>
    internal static string DigestOf(NeuralRepresentation representation)
    {
        var (format, tensors, metadata) = Parts(representation);
        return format.DigestOf(tensors, metadata);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, is no .nern file, was altered, or does not make sense.</exception>
    public static NeuralRepresentation Load(string path) => Read(InputFile.Read(path, Description), path);

    /// <summary>Reads a file from a stream, such as an embedded resource, to the stream's end.</summary>
    /// <exception cref="NernException">It is no .nern file, was altered, or does not make sense.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static NeuralRepresentation Load(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), stream is FileStream file ? file.Name : "the stream");
    }

    /// <summary>Reads a file that is already in memory.</summary>
    internal static NeuralRepresentation Read(byte[] bytes, string path)
    {
        var file = SmallFormat.Read(bytes, path, Description);
        try
        {
            var representation = SealedFile.VersionOf(file) == "1" ? Join(file) : SmallRepresentation.Read(file);
            return UnusableNumbers.Find(representation.Graph, representation.Tensors) is { } unusable
                ? throw new InvalidDataException($"it {unusable}") : representation;
        }
        // NotSupportedException: a node without a type.
        catch (Exception exception) when (exception is JsonException or NernException or InvalidDataException or OverflowException
            or ArgumentException or InvalidOperationException or NotSupportedException
#if !NET9_0_OR_GREATER
            // There JSON may leave out what has to be there, or say that it is null.
            or NullReferenceException
#endif
            )
        {
            throw new NernException($"'{path}' does not hold a representation that fits together: {MalformedFile.Shorten(exception.Message)}", exception);
        }
    }

    /// <summary>Whether a file says of itself that it is a .nern file; false for one that cannot be read.</summary>
    public static bool IsNern(string path) => Format.Recognises(path);

    private static (SealedFile Format, List<KeyValuePair<string, Tensor>> Tensors, IReadOnlyDictionary<string, string> Metadata) Parts(
        NeuralRepresentation representation) => representation.IsSmall
        ? (SmallFormat, SmallRepresentation.Write(representation), SmallRepresentation.Metadata)
        : (Format, Tensors(representation), Metadata(representation));

    private static Dictionary<string, string> Metadata(NeuralRepresentation representation)
    {
        var metadata = new Dictionary<string, string>
        {
            ["nern.graph"] = JsonSerializer.Serialize(representation.Graph.Nodes, NernJson.Default.IReadOnlyListNode),
            ["nern.design"] = JsonSerializer.Serialize(DesignRecord.Of(representation.Design!), NernJson.Default.DesignRecord),
            ["nern.tensors"] = JsonSerializer.Serialize(representation.Tensors.Select(tensor => tensor.Key), NernJson.Default.IEnumerableString),
            ["nern.provenance"] = JsonSerializer.Serialize(representation.Provenance, NernJson.Default.Provenance),
        };
        if (representation.Graph.EndsInFeatures)
            metadata.Add(Outputs, Features);
        return metadata;
    }

    private static List<KeyValuePair<string, Tensor>> Tensors(NeuralRepresentation representation)
    {
        var design = representation.Design ?? throw new NernException("A representation that neither predicts nor rounds anything is no .nern file.");
        var shape = design.Shape;
        var parameters = representation.Parameters.Span;
        var tensors = new List<KeyValuePair<string, Tensor>>();
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            var (rows, columns) = (shape.RowsOf(layer), shape.ColumnsOf(layer));
            tensors.AddRange(StoredMatrix.Write($"predictor.{layer}.weight", rows, columns, parameters.Slice(shape.WeightOffset(layer), rows * columns)));
            Add($"predictor.{layer}.bias", Tensor.From([rows], parameters.Slice(shape.BiasOffset(layer), rows)));
        }
        tensors.AddRange(StoredFrequencies.Write(design.Embedding));
        tensors.AddRange(StoredMeans.Write(design.Layout));
        if (design.Layout.ValueOrders is null)
            for (var l = 0; l < design.Layout.Layers.Count; l++)
                tensors.AddRange(StoredOrdering.Write(design.Layout.Layers[l].Name, design.Orderings[l]));
        else
            tensors.Add(OrderStream.Write(design));
        if (representation.OnnxSkeleton is { } onnx)
            Add(OnnxTensor, new Tensor(ElementType.UInt8, [onnx.Length], onnx));
        foreach (var (name, tensor) in representation.Tensors)
            if (tensor is not null)
                Add($"network.{name}", tensor);
        return tensors;

        void Add(string name, Tensor tensor) => tensors.Add(KeyValuePair.Create(name, tensor));
    }

    private static NeuralRepresentation Join(Checkpoint file)
    {
        var outputs = file.Metadata.GetValueOrDefault(Outputs);
        if (outputs is not (null or Features))
            throw new InvalidDataException($"its {Outputs} are '{MalformedFile.Shorten(outputs)}'; expected {Features}, or nothing for logits.");
        var graph = new Graph(NernJson.ReadList(file.Metadata, "nern.graph", NernJson.Default.NodeArray), outputs is Features);
        var record = NernJson.Read(file.Metadata, "nern.design", NernJson.Default.DesignRecord);
        var names = NernJson.ReadList(file.Metadata, "nern.tensors", NernJson.Default.StringArray);
        var design = record.Design(graph, file.Tensors);
        var parameters = Parameters(design.Shape, file.Tensors);
        var tensors = names.Select(name => KeyValuePair.Create(name, file.Tensors.GetValueOrDefault($"network.{name}"))).ToArray();
        return new NeuralRepresentation(
            graph, design, parameters, tensors, NernJson.Read(file.Metadata, "nern.provenance", NernJson.Default.Provenance))
        {
            OnnxSkeleton = file.Tensors.GetValueOrDefault(OnnxTensor)?.Data,
        };
    }

    private static float[] Parameters(PredictorShape shape, IReadOnlyDictionary<string, Tensor> tensors)
    {
        // All shapes are checked before anything of the size that the metadata claims is allocated.
        var weights = new List<(StoredMatrix Weight, int Offset)>();
        var biases = new List<(Tensor Bias, int Offset)>();
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            weights.Add((
                StoredMatrix.Read(tensors, $"predictor.{layer}.weight", shape.RowsOf(layer), shape.ColumnsOf(layer)), shape.WeightOffset(layer)));
            biases.Add((tensors.Find($"predictor.{layer}.bias", shape.RowsOf(layer)), shape.BiasOffset(layer)));
        }
        var parameters = new float[shape.ParameterCount];
        foreach (var (weight, offset) in weights)
            weight.CopyTo(parameters.AsSpan(offset));
        foreach (var (bias, offset) in biases)
            bias.ToFloats().CopyTo(parameters.AsSpan(offset));
        return parameters;
    }
}
