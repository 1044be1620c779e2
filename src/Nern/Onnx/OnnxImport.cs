using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Operators;
using Nern.Onnx.Protocol;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>
/// Walks an ONNX model from the images to the logits and makes a graph and its parameters of it. What depends on shapes and
/// constants alone is computed on the way.
/// </summary>
internal sealed class OnnxImport
{
    private readonly Dictionary<string, OnnxValue?> _values = [];
    private readonly Dictionary<string, int> _readers = [];
    private readonly List<Node> _nodes = [];
    private readonly List<ImageShape> _shapes = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, int> _repeats = [];
    private readonly HashSet<TensorProto> _kernels = new(ReferenceEqualityComparer.Instance);
    private readonly OrderedDictionary<string, Tensor> _tensors = [];
    private readonly List<StoredParameter> _stored = [];
    private readonly List<string> _problems = [];
    private readonly ExternalData _external;

    // A node of a few bytes can ask for the whole of the constants to be gone through again.
    private long _room = 8 << 20;

    private OnnxImport(GraphProto graph, ExternalData external, long operatorSet, ImageShape? shape)
    {
        _external = external;
        OperatorSet = operatorSet;
        foreach (var tensor in graph.Initializer)
            Define(tensor.Name, new OnnxConstant(ReadTensor(tensor), tensor.Name, tensor));
        if (graph.Output.Count == 0)
            throw new InvalidDataException("is an ONNX model without outputs.");
        var output = graph.Output[0].Name;
        var needed = Needed(graph, output);
        var image = OnnxInput.Find(graph, needed.SelectMany(node => node.Input).Append(output).ToHashSet(), shape, out var batch);
        Batch = batch;
        Define(image.Name, new OnnxActivation(Append(new Input("input", image.Shape)), 4));

        foreach (var name in needed.SelectMany(node => node.Input).Append(output))
            _readers[name] = _readers.GetValueOrDefault(name) + 1;
        foreach (var node in needed)
            Read(node);
        if (_problems.Count > 0)
            throw new InvalidDataException(
                $"has {_problems.Count} {(_problems.Count == 1 ? "node" : "nodes")} that cannot be run: {string.Join("; ", _problems.Take(ListedProblems))}"
                + (_problems.Count > ListedProblems ? $"; and {_problems.Count - ListedProblems} more." : "."));
        if (_values.GetValueOrDefault(output) is not OnnxActivation logits)
            throw new InvalidDataException($"is an ONNX model whose output {MalformedFile.Quote(output)} does not depend on its images.");
        if (logits.Node != _nodes.Count - 1)
            throw new InvalidDataException($"is an ONNX model whose output {MalformedFile.Quote(output)} is not its last value.");
    }

    private const int ListedProblems = 1000;

    // Longer than any that PyTorch makes; names go into those of parameters many times over.
    private const int MostOfName = 300;

    /// <summary>The images of a batch, as far as the model fixes them; else 1.</summary>
    internal int Batch { get; }

    /// <summary>The version of ONNX's operators that the model is written in.</summary>
    internal long OperatorSet { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="external">Where data outside of it is.</param>
    /// <param name="shape">The shape of an image where the model leaves it open.</param>
    /// <exception cref="InvalidDataException">It is damaged, or has nodes that cannot be run; the message names each.</exception>
    internal static (Graph Graph, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyList<StoredParameter> Stored) Read(
        ModelProto model, ExternalData external, ImageShape? shape)
    {
        var operators = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version
            ?? throw new InvalidDataException("is no ONNX model: it does not say which operators it is written in.");
        var import = new OnnxImport(model.Graph ?? throw new InvalidDataException("is an ONNX model without a graph."), external, operators, shape);
        return (new Graph(import._nodes), [.. import._tensors], import._stored);
    }

    /// <summary>The shape of one sample of a value.</summary>
    internal ImageShape ShapeOf(OnnxActivation value) => _shapes[value.Node];

    /// <summary>The node that yields a value.</summary>
    internal Node NodeOf(OnnxActivation value) => _nodes[value.Node];

    /// <summary>Appends a node and returns its index.</summary>
    internal int Append(Node node)
    {
        var shape = node.Infer([.. node.Inputs.Select(input => _shapes[input])]);
        _nodes.Add(node);
        _shapes.Add(shape);
        _names.Add(node.Name);
        return _nodes.Count - 1;
    }

    /// <summary>Puts another node, which takes the same inputs, in the place of one.</summary>
    internal void Replace(int index, Node node)
    {
        _shapes[index] = node.Infer([.. node.Inputs.Select(input => _shapes[input])]);
        _nodes[index] = node;
    }

    /// <summary>Whether <paramref name="node"/> alone reads its input, and so may change what yields it.</summary>
    internal bool IsSoleReader(OnnxNode node, int input) =>
        _readers[node.InputName(input)] == 1 && node.Inputs[input] is OnnxActivation { IsShared: false };

    /// <summary>The same value under the name of the node's result.</summary>
    internal OnnxActivation Alias(OnnxNode node, OnnxActivation value) =>
        value with { IsShared = value.IsShared || _readers[node.InputName(0)] > 1 };

    /// <summary>A name that no node has yet.</summary>
    internal string UniqueName(string name)
    {
        if (name.Length > MostOfName)
            name = name[..(char.IsHighSurrogate(name[MostOfName - 1]) ? MostOfName - 1 : MostOfName)];
        var unique = name;
        while (_names.Contains(unique))
        {
            _repeats[name] = _repeats.GetValueOrDefault(name, 1) + 1;
            unique = $"{name}_{_repeats[name]}";
        }
        return unique;
    }

    /// <summary>A name for a node with parameters: that of its weight, as PyTorch names it.</summary>
    internal string NameByWeight(OnnxNode node, OnnxConstant weight)
    {
        const string Suffix = ".weight";
        var name = weight.Name.EndsWith(Suffix, StringComparison.Ordinal) ? weight.Name[..^Suffix.Length] : weight.Name;
        return UniqueName(name.Length > 0 ? name : node.Name);
    }

    /// <summary>Takes a constant as a parameter of the network.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The constant.</param>
    /// <param name="shape">The shape the parameter has to have; that of the constant may have ones besides.</param>
    internal void AddParameter(string name, OnnxConstant value, params int[] shape)
    {
        if (!value.Shape.Where(extent => extent != 1).SequenceEqual(shape.Where(extent => extent != 1)))
            throw new UnsupportedNodeException(
                $"has parameters of the shape {Tensor.Describe(value.Shape)}; expected {Tensor.Describe(shape)}");
        var tensor = value.Tensor.Type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64
            ? new Tensor(value.Tensor.Type, shape, value.Tensor.Data)
            : Tensor.From(shape, [.. value.Numbers().Select(number => (float)number)]);
        if (value.Stored is null && tensor.Type == ElementType.Float64)
            tensor = Tensor.From(shape, tensor.ToFloats());
        _tensors[name] = tensor;
        if (value.Stored is { } stored && OnnxTypes.IsFloatingPoint(stored.DataType))
            _stored.Add(new(name, stored, value.IsTransposed));
    }

    /// <summary>Takes values that are computed as a parameter.</summary>
    internal void AddParameter(string name, float[] values) => _tensors[name] = Tensor.From([values.Length], values);

    /// <summary>Takes a constant as the kernels of a convolution, which no other may have.</summary>
    internal void AddKernels(string name, OnnxConstant value, int[] shape)
    {
        if (value.Stored is { } stored && !_kernels.Add(stored))
            throw new UnsupportedNodeException($"shares its kernels {MalformedFile.Quote(value.Name)} with another convolution");
        AddParameter(name, value, shape);
    }

    /// <summary>Reads a tensor of a node.</summary>
    internal Tensor ReadTensor(TensorProto stored)
    {
        var tensor = OnnxTensor.Read(stored, _external);
        // Weights are gone through once or twice.
        _room += 4L * tensor.Data.Length;
        return tensor;
    }

    /// <summary>Accounts for <paramref name="bytes"/> of constants that are read or made.</summary>
    /// <exception cref="InvalidDataException">It is more than a model of this size can need.</exception>
    internal void Spend(long bytes)
    {
        if (bytes > _room)
            throw new InvalidDataException("needs more memory than a model of this size should");
        _room -= bytes;
    }

    // Backwards from the output: what only training or other outputs need is left out.
    private static List<NodeProto> Needed(GraphProto graph, string output)
    {
        var names = new HashSet<string> { output };
        var needed = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse())
        {
            if (!node.Output.Any(names.Contains))
                continue;
            needed.Add(node);
            names.UnionWith(node.Input.Where(input => input.Length > 0));
        }
        needed.Reverse();
        return needed;
    }

    private void Read(NodeProto stored)
    {
        var inputs = new List<OnnxValue?>();
        var isKnown = true;
        foreach (var name in stored.Input)
        {
            OnnxValue? value = null;
            if (name.Length > 0 && !_values.TryGetValue(name, out value))
                throw new InvalidDataException(
                    $"is an ONNX model whose node {MalformedFile.Quote(OnnxNode.NameOf(stored))} reads {MalformedFile.Quote(name)} before it is there.");
            isKnown &= name.Length == 0 || value is not null;
            inputs.Add(value);
        }
        try
        {
            var handler = stored.Domain is "" or "ai.onnx" ? OnnxOperators.Find(stored.OpType, inputs) : null;
            if (handler is null)
                throw new UnsupportedNodeException("is not supported");
            Spend(inputs.OfType<OnnxConstant>().Sum(constant => (long)constant.Tensor.Data.Length));
            // What follows a node that cannot be run is not judged.
            var value = isKnown ? handler(this, new OnnxNode(stored, inputs)) : null;
            Spend(value is OnnxConstant made ? made.Tensor.Data.Length : 0);
            foreach (var (i, output) in stored.Output.Index())
                Define(output, i == 0 ? value : null);
        }
        catch (Exception exception) when (exception is UnsupportedNodeException or NernException or InvalidDataException or OverflowException)
        {
            var domain = stored.Domain is "" or "ai.onnx" ? "" : $"{stored.Domain}.";
            _problems.Add($"{MalformedFile.Quote(OnnxNode.NameOf(stored))} ({MalformedFile.Shorten(domain + stored.OpType)}) {MalformedFile.Shorten(exception.Message.TrimEnd('.'))}");
            foreach (var output in stored.Output)
                Define(output, null);
        }
    }

    private void Define(string name, OnnxValue? value)
    {
        if (name.Length > 0 && !_values.TryAdd(name, value))
            throw new InvalidDataException($"is an ONNX model that gives the name {MalformedFile.Quote(name)} to two values.");
    }
}
