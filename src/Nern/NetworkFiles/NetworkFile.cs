using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Checkpoints.Torch;
using Nern.Files;
using Nern.Networks;
using Nern.Onnx;
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
    private readonly Lazy<Checkpoint> _checkpoint;

    private NetworkFile(string path)
    {
        _path = path;
        HoldsGraph = EndsAsOnnx(path);
        _bytes = InputFile.Read(path, HoldsGraph ? "an ONNX model" : "a safetensors file or a PyTorch checkpoint");
        _checkpoint = new(() => HoldsGraph ? new(Network().Tensors) : Checkpoint.Read(_bytes, path));
    }

    /// <summary>Whether the file holds the architecture along with the tensors.</summary>
    public bool HoldsGraph { get; }

    /// <summary>The tensors by name.</summary>
    /// <exception cref="NernException">The file is damaged, or none that holds tensors.</exception>
    public Checkpoint Checkpoint => _checkpoint.Value;

    /// <summary>Reads the bytes of the file.</summary>
    /// <exception cref="NernException">It cannot be read.</exception>
    public static NetworkFile Open(string path) => new(path);

    /// <summary>Reads a network from a file that holds its architecture: an ONNX model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file leaves open.</param>
    /// <exception cref="NernException">The file cannot be read, or has nodes that cannot be run; the message names them.</exception>
    public static Network Load(string path, OnnxOptions? options = null) => Open(path).Network(options);

    /// <summary>Reads the tensors of <paramref name="graph"/> from a PyTorch checkpoint, a safetensors file or an ONNX model.</summary>
    /// <exception cref="NernException">The file cannot be read, or does not fit the graph.</exception>
    public static Network Load(string path, Graph graph) => Open(path).Network(graph);

    /// <summary>
    /// Writes what the ending of <paramref name="path"/> says: an ONNX model (.onnx), or the tensors alone, under the names of the file
    /// they came from, as a PyTorch checkpoint (.pth, .pt, .th) or as safetensors (all others).
    /// </summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, Network network)
    {
        KeyValuePair<string, Tensor>[] tensors =
            [.. network.Tensors.Select(tensor => KeyValuePair.Create(network.Source?.Prefix + tensor.Key, tensor.Value))];
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".onnx":
                OnnxFile.Save(path, network);
                break;
            case ".pth" or ".pt" or ".th":
                TorchZipWriter.Save(path, tensors);
                break;
            default:
                SafetensorsWriter.Save(path, tensors);
                break;
        }
    }

    /// <summary>The network of a file that holds its architecture.</summary>
    /// <param name="options">What the file leaves open.</param>
    /// <exception cref="NernException">It is no ONNX model, or has nodes that cannot be run; the message names them.</exception>
    public Network Network(OnnxOptions? options = null) => OnnxFile.Read(_bytes, _path, options);

    /// <summary>The network of this architecture.</summary>
    /// <exception cref="NernException">The file does not fit it.</exception>
    public Network Network(Graph graph)
    {
        if (HoldsGraph)
        {
            var shape = graph.InputShape;
            var network = Network(new OnnxOptions
            {
                Size = (shape.Height, shape.Width),
                Classes = _ => graph.Classes,
                LastNode = graph.Nodes[^1].Name,
            });
            return new(graph, [.. network.Tensors], network.Source) { OnnxSkeleton = network.OnnxSkeleton };
        }
        var read = new Network(graph, [.. Checkpoint.Tensors], NetworkSource.Of(_path, _bytes, Checkpoint.Prefix));
        return UnusableNumbers.Find(graph, read.Tensors!) is { } unusable ? throw new NernException($"'{_path}' {unusable}") : read;
    }

    private static bool EndsAsOnnx(string path) => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase);
}
