using System.IO.Compression;
using System.Text.Json;
using Nern.Checkpoints;
using Nern.Coding;
using Nern.Files;
using Nern.Networks;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// The parts of a small .nern file (docs/formats.md, version 2): the header, compressed, and all numbers as one arithmetic-coded stream.
/// </summary>
internal static class SmallRepresentation
{
    internal const string StreamName = "tensors";

    private const string HeaderName = "header";

    // What the JSON unfolds to: a network of a thousand nodes that has no name takes about 200 KB.
    private const int LargestHeader = 4 << 20;

    // What an ONNX model without its tensors unfolds to.
    private const int LargestModel = 64 << 20;

    // What a part is allowed to unfold to, by what it takes.
    private const int MostUnfolding = 512;

    private static readonly string[] Parts = [HeaderName, StreamName, NernFile.OnnxTensor];

    /// <summary>It has none of its own.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>The tensors of the file.</summary>
    internal static List<KeyValuePair<string, Tensor>> Write(NeuralRepresentation representation)
    {
        var header = SmallHeader.Of(representation);
        var stream = CodedTensors.Writer();
        var tensors = representation.Tensors.ToDictionary();
        if (representation.Design is { } design)
        {
            for (var l = 0; l < design.Layout.Layers.Count; l++)
                stream.Code(design.Orderings[l], design.Orderings[l].Kind, design.Orderings[l].Filters, design.Orderings[l].Channels);
            if (StoredFrequencies.Write(design.Embedding).FirstOrDefault() is { Value: { } frequencies })
                stream.Code("", frequencies.Shape, frequencies, null);
            foreach (var (name, shape, offset) in Parameters(design.Shape))
                stream.Code(
                    name, shape, Tensor.From(shape, representation.Parameters.Span.Slice(offset, CountOf(shape))),
                    representation.Coded.GetValueOrDefault(name));
        }
        foreach (var (name, shape) in header.Shapes(representation.Graph))
            if (tensors[name] is { } tensor)
                stream.Code(name, shape, tensor, representation.Coded.GetValueOrDefault($"network.{name}"));
        List<KeyValuePair<string, Tensor>> parts =
        [
            new(HeaderName, Bytes(Compress(JsonSerializer.SerializeToUtf8Bytes(header, NernJson.Default.SmallHeader), LargestHeader, "header"))),
            new(StreamName, Bytes(stream.Finish())),
        ];
        if (representation.OnnxSkeleton is { } onnx)
            parts.Add(new(NernFile.OnnxTensor, Bytes(Compress(onnx.Span, LargestModel, "ONNX model without its tensors"))));
        return parts;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is malformed; so it is where one of the parts throws something else.</exception>
    internal static NeuralRepresentation Read(Checkpoint file)
    {
        if (file.Tensors.Keys.Except(Parts).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"it holds '{MalformedFile.Shorten(unknown)}'; expected {string.Join(", ", Parts)}.");
        var header = JsonSerializer.Deserialize(Expand(Part(file, HeaderName), LargestHeader), NernJson.Default.SmallHeader)
            ?? throw new InvalidDataException("its header is empty.");
        var graph = header.Architecture?.Build() ?? new Graph(
            [.. header.Graph?.Select(node => node ?? throw new InvalidDataException("its graph has an empty entry."))
                ?? throw new InvalidDataException("it has neither an architecture nor a graph.")]);
        var stream = CodedTensors.Reader(Part(file, StreamName));
        var coded = new Dictionary<string, CodedMatrix>();
        var (design, parameters) = header.Design is { } record ? ReadPredictor(record, graph, stream, coded) : (null, []);
        var predicted = design?.Layout.Layers.Select(layer => layer.Weight).ToHashSet() ?? [];
        var tensors = new List<KeyValuePair<string, Tensor?>>();
        foreach (var (name, shape) in header.Shapes(graph))
            tensors.Add(new(name, predicted.Contains(name) ? null : Read(stream, name, $"network.{name}", shape, coded)));
        stream.CheckEnd();
        if (coded.Count == 0)
            throw new InvalidDataException("none of its tensors is made of integers.");
        return new NeuralRepresentation(graph, design, parameters, tensors, header.Provenance)
        {
            Coded = coded,
            // The type is said, as an array that is null would be an empty model instead of none.
            OnnxSkeleton = file.Tensors.ContainsKey(NernFile.OnnxTensor)
                ? (ReadOnlyMemory<byte>?)Expand(Part(file, NernFile.OnnxTensor), LargestModel) : null,
        };
    }

    private static (PredictorDesign, float[]) ReadPredictor(
        DesignRecord record, Graph graph, CodedTensors stream, Dictionary<string, CodedMatrix> coded)
    {
        var tensors = new Dictionary<string, Tensor>();
        var layout = record.Layout(graph);
        for (var l = 0; l < layout.Layers.Count; l++)
            foreach (var (name, tensor) in StoredOrdering.Write(
                layout.Layers[l].Name, stream.Code(null, record.Ordering, layout.Layers[l].Filters, layout.Blocks[l])))
                tensors.Add(name, tensor);
        if (record.Embedding == EmbeddingKind.Gaussian)
            tensors.Add(StoredFrequencies.Name, stream.Code("", [Coordinates.Axes, record.EmbeddingLevels], null, null).Tensor);
        var design = record.Design(graph, tensors);
        stream.Check(design.Shape.ParameterCount);
        var read = Parameters(design.Shape)
            .Select(part => (Tensor: Read(stream, part.Name, part.Name, part.Shape, coded), part.Offset)).ToList();
        // Room for all is taken when all were there.
        var parameters = new float[design.Shape.ParameterCount];
        foreach (var (tensor, offset) in read)
            tensor.ToFloats().CopyTo(parameters, offset);
        return (design, parameters);
    }

    private static Tensor Read(
        CodedTensors stream, string name, string key, IReadOnlyList<int> shape, Dictionary<string, CodedMatrix> coded)
    {
        var (tensor, matrix) = stream.Code(name, shape, null, null);
        if (matrix is not null)
            coded.Add(key, matrix);
        return tensor;
    }

    private static IEnumerable<(string Name, int[] Shape, int Offset)> Parameters(PredictorShape shape)
    {
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            yield return ($"predictor.{layer}.weight", [shape.RowsOf(layer), shape.ColumnsOf(layer)], shape.WeightOffset(layer));
            yield return ($"predictor.{layer}.bias", [shape.RowsOf(layer)], shape.BiasOffset(layer));
        }
    }

    private static int CountOf(int[] shape) => shape.Aggregate(1, (product, dimension) => product * dimension);

    private static Tensor Bytes(byte[] bytes) => new(ElementType.UInt8, [bytes.Length], bytes);

    private static ReadOnlyMemory<byte> Part(Checkpoint file, string name) =>
        file.Tensors.GetValueOrDefault(name) is { Type: ElementType.UInt8 } tensor
            ? tensor.Data : throw new InvalidDataException($"the bytes {name} are missing.");

    private static byte[] Compress(ReadOnlySpan<byte> bytes, int limit, string what)
    {
        if (bytes.Length > limit)
            throw new NernException($"The {what} takes {bytes.Length} bytes; a small file holds up to {limit}.");
        return Brotli.Compress(bytes);
    }

    private static byte[] Expand(ReadOnlyMemory<byte> compressed, int largest)
    {
        var limit = (int)Math.Min(largest, ((long)compressed.Length + 64) * MostUnfolding);
        using var decoder = new BrotliStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        using var expanded = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = decoder.Read(buffer)) > 0;)
        {
            expanded.Write(buffer, 0, read);
            if (expanded.Length > limit)
                throw new InvalidDataException($"a compressed part unfolds to more than {limit} bytes.");
        }
        return expanded.ToArray();
    }
}
