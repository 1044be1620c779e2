using Nern.Checkpoints;
using Nern.Checkpoints.Torch;
using Nern.Files;
using Nern.Networks;
using Nern.Onnx;
using Nern.OnnxModels;
using Nern.Tensors;

namespace Nern.NetworkFiles;

/// <summary>
/// A file that holds a network, read once: an ONNX model (.onnx), which holds its architecture too, or the tensors of one, as safetensors
/// or a PyTorch checkpoint.
/// </summary>
public sealed class NetworkFile
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Lazy<CheckpointFile> _checkpoint;

    private NetworkFile(string path)
    {
        _path = path;
        HoldsGraph = EndsAsOnnx(path);
        _bytes = InputFile.Read(path, HoldsGraph ? "an ONNX model" : "a safetensors file or a PyTorch checkpoint");
        _checkpoint = new(() => CheckpointFile.Read(_bytes, path));
    }

    /// <summary>Whether the file holds the architecture along with the tensors.</summary>
    public bool HoldsGraph { get; }

    /// <summary>
    /// The states that a checkpoint holds, by the keys that lead to them with points between, the one with most tensors first; the empty
    /// name is that of tensors at the top.
    /// </summary>
    /// <exception cref="NernException">The file is damaged, or none that holds tensors.</exception>
    public IReadOnlyList<string> States => HoldsGraph ? [] : [.. _checkpoint.Value.States.Select(state => state.Name)];

    /// <summary>The tensors by name.</summary>
    /// <param name="state">Which of the states that the file holds; the one with most tensors, if not given.</param>
    /// <exception cref="NernException">The file is damaged, none that holds tensors, or has no such state.</exception>
    public Checkpoint Checkpoint(string? state = null) =>
        HoldsGraph ? new(Stateless(state).Tensors) : _checkpoint.Value.Read(_checkpoint.Value.Find(state)).WithoutWrapperPrefix();

    /// <summary>Reads the bytes of the file.</summary>
    /// <exception cref="NernException">It cannot be read.</exception>
    public static NetworkFile Open(string path) => new(path);

    /// <summary>Reads a network from a file that holds its architecture: an ONNX model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file leaves open.</param>
    /// <exception cref="NernException">The file cannot be read, or has nodes that cannot be run; the message names them.</exception>
    public static Network Load(string path, OnnxOptions? options = null) => Open(path).Network(options);

    /// <summary>
    /// Reads the tensors of <paramref name="graph"/> from a PyTorch checkpoint, a safetensors file or an ONNX model. In the first two they
    /// may have a prefix, or, where shapes and order tell which they are, other names.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The architecture.</param>
    /// <param name="state">Which of the states of a checkpoint, where several fit.</param>
    /// <exception cref="NernException">The file cannot be read, does not fit the graph, or fits it in several ways.</exception>
    public static Network Load(string path, Graph graph, string? state = null) => Open(path).Network(graph, state);

    /// <summary>
    /// Writes what the ending of <paramref name="path"/> says: an ONNX model (.onnx), or the tensors alone, under the names of the file
    /// they came from and in the types they had there, as a PyTorch checkpoint (.pth, .pt, .th) or as safetensors (all others).
    /// </summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, Network network)
    {
        if (EndsAsOnnx(path))
            OnnxFile.Save(path, network);
        else if (EndsAsTorch(path))
            TorchZipWriter.Save(path, network.Stored());
        else
            AtomicFile.Write(path, network.WriteSafetensors);
    }

    /// <summary>The bytes that <see cref="Save"/> writes, or somewhat more.</summary>
    internal static long SizeOf(string path, Network network) => CountingStream.Count(stream =>
    {
        if (EndsAsOnnx(path))
            network.WriteOnnx(stream);
        else if (EndsAsTorch(path))
            TorchZipWriter.Write(stream, network.Stored());
        else
            network.WriteSafetensors(stream);
    });

    /// <summary>The network of a file that holds its architecture.</summary>
    /// <param name="options">What the file leaves open.</param>
    /// <exception cref="NernException">It is no ONNX model, or has nodes that cannot be run; the message names them.</exception>
    public Network Network(OnnxOptions? options = null) => OnnxFile.Read(_bytes, _path, options);

    /// <summary>The network of this architecture, under its names.</summary>
    /// <param name="graph">The architecture.</param>
    /// <param name="state">Which of the states of a checkpoint, where several fit.</param>
    /// <exception cref="NernException">The file does not fit it, or in several ways.</exception>
    public Network Network(Graph graph, string? state = null)
    {
        if (!HoldsGraph)
        {
            var choice = StateChoice.Of(_checkpoint.Value, _ => graph, state);
            return Usable(choice.Renamed(tensors => Source(choice, tensors)));
        }
        var shape = graph.InputShape;
        var network = Stateless(state, new OnnxOptions
        {
            Size = (shape.Height, shape.Width),
            Classes = _ => graph.Logits,
            LastNode = graph.Nodes[^1].Name,
        });
        return new(graph, [.. network.Tensors], network.Source) { OnnxSkeleton = network.OnnxSkeleton };
    }

    /// <summary>The network of a checkpoint, its layers under the names that they have there.</summary>
    /// <param name="architecture">The architecture, given the tensors of a state.</param>
    /// <param name="state">Which of the states, where several fit.</param>
    /// <param name="note">Told what was done that the user may not expect.</param>
    /// <exception cref="NernException">The file does not fit it, or in several ways.</exception>
    public Network Network(Func<Checkpoint, Graph> architecture, string? state, Action<string>? note = null)
    {
        var choice = StateChoice.Of(_checkpoint.Value, architecture, state);
        foreach (var sentence in choice.Notes(_checkpoint.Value))
            note?.Invoke(sentence);
        return Usable(choice.Network(tensors => Source(choice, tensors)));
    }

    private Network Usable(Network network) => UnusableNumbers.Find(network.Graph, network.Tensors!) is { } unusable
        ? throw new NernException($"'{_path}' {unusable}")
        : network;

    private Network Stateless(string? state, OnnxOptions? options = null) => state is null
        ? Network(options)
        : throw new NernException($"'{_path}' is an ONNX model, which has no states; leave out '{state}'.");

    private NetworkSource Source(StateChoice choice, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        NetworkSource.Of(_path, _bytes, choice.Fit.Prefix, tensors);

    private static bool EndsAsTorch(string path) => Path.GetExtension(path).ToLowerInvariant() is ".pth" or ".pt" or ".th";

    private static bool EndsAsOnnx(string path) => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase);
}
