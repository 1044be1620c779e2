using Nern.Checkpoints.Safetensors;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Networks;

/// <summary>A trained network: its architecture and its tensors, under the names and in the order of the file they came from.</summary>
public sealed class Network
{
    /// <summary>Joins <paramref name="graph"/> and <paramref name="tensors"/>, which must be exactly what the graph needs.</summary>
    /// <param name="graph">The architecture.</param>
    /// <param name="tensors">Tensors by name, in order. Counters of batch normalisation (num_batches_tracked) may be there too.</param>
    /// <param name="source">The file they come from, if any.</param>
    /// <exception cref="NernException">Tensors are missing, unexpected or of another shape; the message lists them all.</exception>
    public Network(Graph graph, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, NetworkSource? source = null)
    {
        Graph = graph;
        Source = source;
        if (Misfits(graph, [.. tensors.Select(tensor => KeyValuePair.Create(tensor.Key, (Tensor?)tensor.Value))]) is { } misfits)
            throw new NernException($"{source?.Name ?? "The network"} does not fit the architecture: {misfits}.");
        Tensors = new OrderedDictionary<string, Tensor>(tensors);
    }

    // Where names are others, the list has some of each side.
    private const int ListedProblems = 12, ListedUnexpected = 4;

    /// <summary>The architecture.</summary>
    public Graph Graph { get; }

    /// <summary>The tensors by name, in order.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The file they come from, if any.</summary>
    public NetworkSource? Source { get; }

    /// <summary>The ONNX model that it came from without the values of its tensors, as bytes, if it came from one.</summary>
    public ReadOnlyMemory<byte>? OnnxSkeleton { get; init; }

    /// <summary>
    /// What of <paramref name="tensors"/> is not as the graph needs it, listed, or null; a tensor that is null may be anything.
    /// </summary>
    internal static string? Misfits(Graph graph, IReadOnlyList<KeyValuePair<string, Tensor?>> tensors)
    {
        var problems = new List<string>();
        var found = new Dictionary<string, Tensor?>();
        foreach (var (name, tensor) in tensors)
            if (!found.TryAdd(name, tensor))
                problems.Add($"{name} is there twice");
        var parameters = graph.Parameters;
        foreach (var (name, shape) in parameters)
            if (!found.TryGetValue(name, out var tensor))
                problems.Add($"{name} is missing");
            else if (tensor is not null && !tensor.Shape.SequenceEqual(shape))
                problems.Add($"{name} is {Tensor.Describe(tensor.Shape)} instead of {Tensor.Describe(shape)}");
            else if (tensor is not (null or { Type: ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16 }))
                problems.Add($"{name} holds {tensor.Type} instead of floating-point numbers");
        var expected = parameters.Select(parameter => parameter.Name).ToHashSet();
        string[] unexpected =
        [
            .. found.Keys.Where(name => !expected.Contains(name) && !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
                .Select(name => $"{MalformedFile.Shorten(name)} is unexpected"),
        ];
        var first = ListedProblems - Math.Min(unexpected.Length, ListedUnexpected);
        string[] listed = [.. problems.Take(first), .. unexpected.Take(ListedProblems - Math.Min(problems.Count, first))];
        var more = problems.Count + unexpected.Length - listed.Length;
        return listed.Length == 0 ? null : string.Join(", ", listed) + (more > 0 ? $" and {more} more" : "");
    }

    /// <summary>Writes the tensors as safetensors, under the names of the file they came from and in the types they had there.</summary>
    /// <exception cref="NernException">They cannot be written so.</exception>
    public void WriteSafetensors(Stream stream) => SafetensorsWriter.Write(stream, Stored());

    /// <summary>The tensors under the names of the file they came from and in the types they had there.</summary>
    internal KeyValuePair<string, Tensor>[] Stored() =>
        [.. Tensors.Select(t => KeyValuePair.Create(Source?.Prefix + t.Key, Source?.InOwnType(t.Key, t.Value) ?? t.Value))];

    /// <summary>A parameter as float32.</summary>
    public float[] Values(string name) => Tensors[name].ToFloats();

    /// <summary>The same network with other values, in float32, for some tensors.</summary>
    /// <param name="replacements">New float32 values by name.</param>
    public Network With(IReadOnlyDictionary<string, float[]> replacements) => new(
        Graph,
        [.. Tensors.Select(t => replacements.TryGetValue(t.Key, out var values)
            ? KeyValuePair.Create(t.Key, Tensor.From(t.Value.Shape, values))
            : t)],
        Source)
    {
        OnnxSkeleton = OnnxSkeleton,
    };
}
