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

    private static readonly string[] Members = [HeaderName, StreamName, NernFile.OnnxTensor];

    /// <summary>It has none of its own.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>The tensors of the file.</summary>
    internal static List<KeyValuePair<string, Tensor>> Write(NeuralRepresentation representation)
    {
        var (header, design) = (SmallHeader.Of(representation), representation.Design);
        var parts = StreamParts.Of(StoredTensor.AllOf(header, representation.Graph, design));
        var streams = parts.Select(_ => CodedTensors.Writer()).ToArray();
        if (design is not null)
            OrderStream.Write(design, streams[0]);
        if (design is not null && StoredFrequencies.Write(design.Embedding).FirstOrDefault() is { Value: { } frequencies })
            streams[0].Code("", frequencies.Shape, frequencies, null);
        if (design is not null && StoredMeans.Write(design.Layout).FirstOrDefault() is { Value: { } means })
            streams[0].Code("", means.Shape, means, null);
        var tensors = representation.Tensors.ToDictionary();
        StreamParts.ForEach(parts, (part, stored) => streams[part].Code(
            stored.Name, stored.Shape,
            stored.Offset is { } offset ? Tensor.From(stored.Shape, representation.Parameters.Span.Slice(offset, (int)stored.Count)) : tensors[stored.Name],
            representation.Coded.GetValueOrDefault(stored.Key)));
        var bytes = streams.Select(stream => stream.Finish()).ToArray();
        header = header with { Cuts = StreamParts.Cuts(bytes) };
        List<KeyValuePair<string, Tensor>> written =
        [
            new(HeaderName, Bytes(Compress(JsonSerializer.SerializeToUtf8Bytes(header, NernJson.Default.SmallHeader), LargestHeader, "header"))),
            new(StreamName, Bytes([.. bytes.SelectMany(part => part)])),
        ];
        if (representation.OnnxSkeleton is { } onnx)
            written.Add(new(NernFile.OnnxTensor, Bytes(Compress(onnx.Span, LargestModel, "ONNX model without its tensors"))));
        return written;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is malformed; so it is where one of the parts throws something else.</exception>
    internal static NeuralRepresentation Read(Checkpoint file)
    {
        if (file.Tensors.Keys.Except(Members).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"it holds '{MalformedFile.Shorten(unknown)}'; expected {string.Join(", ", Members)}.");
        var header = JsonSerializer.Deserialize(Expand(Member(file, HeaderName), LargestHeader), NernJson.Default.SmallHeader)
            ?? throw new InvalidDataException("its header is empty.");
        var graph = header.Architecture?.Build() ?? new Graph(
            [.. header.Graph?.Select(node => node ?? throw new InvalidDataException("its graph has an empty entry."))
                ?? throw new InvalidDataException("it has neither an architecture nor a graph.")], header.EndsInFeatures is true);
        var streams = StreamParts.Split(Member(file, StreamName), header.Cuts ?? []).Select(CodedTensors.Reader).ToArray();
        var design = header.Design is { } record ? ReadDesign(record, graph, streams[0]) : null;
        var all = StoredTensor.AllOf(header, graph, design);
        CodedTensors.Check(all.Sum(stored => stored.Count), streams);
        var read = StreamParts.ForEach(
            StreamParts.Of(all, streams.Length), (part, stored) => streams[part].Code(stored.Name, stored.Shape, null, null));
        foreach (var stream in streams)
            stream.CheckEnd();
        // Room for all is taken when all were there.
        var parameters = new float[design?.Shape.ParameterCount ?? 0];
        var tensors = new Dictionary<string, Tensor>();
        var coded = new Dictionary<string, CodedMatrix>();
        foreach (var (stored, (tensor, matrix)) in all.Zip(read))
        {
            if (matrix is not null)
                coded.Add(stored.Key, matrix);
            if (stored.Offset is { } offset)
                tensor.ToFloats().CopyTo(parameters, offset);
            else
                tensors.Add(stored.Name, tensor);
        }
        if (coded.Count == 0)
            throw new InvalidDataException("none of its tensors is made of integers.");
        return new NeuralRepresentation(
            graph, design, parameters, [.. header.Shapes(graph).Select(t => KeyValuePair.Create(t.Name, tensors.GetValueOrDefault(t.Name)))],
            header.Provenance)
        {
            Coded = coded,
            // The type is said, as an array that is null would be an empty model instead of none.
            OnnxSkeleton = file.Tensors.ContainsKey(NernFile.OnnxTensor)
                ? (ReadOnlyMemory<byte>?)Expand(Member(file, NernFile.OnnxTensor), LargestModel) : null,
        };
    }

    private static PredictorDesign ReadDesign(DesignRecord record, Graph graph, CodedTensors stream)
    {
        var (layout, orderings) = OrderStream.Read(record.Layout(graph), record.Ordering, record.ValueOrders is true, stream);
        var tensors = new Dictionary<string, Tensor>();
        if (record.Embedding == EmbeddingKind.Gaussian)
            tensors.Add(StoredFrequencies.Name, stream.Code("", [Coordinates.Axes, record.EmbeddingLevels], null, null).Tensor);
        if (record.FilterMeans is true)
            tensors.Add(StoredMeans.Name, stream.Code("", [StoredMeans.Count(layout)], null, null).Tensor);
        return record.Design(layout, orderings, tensors);
    }

    private static Tensor Bytes(byte[] bytes) => new(ElementType.UInt8, [bytes.Length], bytes);

    private static ReadOnlyMemory<byte> Member(Checkpoint file, string name) =>
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
