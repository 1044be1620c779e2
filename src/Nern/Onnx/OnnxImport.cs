using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Operators;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;
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
    private readonly HashSet<object> _kernels = new(ReferenceEqualityComparer.Instance);
    private readonly OrderedDictionary<string, Tensor> _tensors = [];
    private readonly List<StoredParameter> _stored = [];
    private readonly List<ComputedParameter> _computed = [];
    private readonly OnnxProblems _problems = new();
    private readonly ExternalData _external;

    // A node of a few bytes can ask for the whole of the constants to be gone through again.
    private long _room = 8 << 20;

    private OnnxImport(GraphProto graph, ExternalData external, long operatorSet, OnnxOptions options)
    {
        _external = external;
        OperatorSet = operatorSet;
        var outputs = OnnxOutput.Asked(graph, options);
        var nodes = OnnxOrder.Needed(graph, outputs);
        foreach (var name in nodes.SelectMany(node => node.Input).Concat(outputs))
            _readers[name] = _readers.GetValueOrDefault(name) + 1;
        foreach (var tensor in graph.Initializer.Where(tensor => _readers.ContainsKey(tensor.Name)))
            Define(tensor.Name, new OnnxConstant(ReadTensor(tensor), tensor.Name, tensor));
        var image = OnnxInput.Find(graph, nodes, outputs, options.Size);
        Batch = image.Batch;
        Define(image.Name, new OnnxActivation(Append(new Input("input", image.Shape)), image.Axes));
        foreach (var node in nodes)
            Read(node);

        var candidates = outputs.Select(name => new OnnxOutput(name, _values.GetValueOrDefault(name), this)).ToList();
        var output = OnnxOutput.Choose(graph, this, candidates, options);
        if (output.Value is null && _problems.Describe(OnnxOrder.Needed(graph, [output.Name])) is { } problems)
            throw new InvalidDataException(problems);
        KeepOnly(output.CheckIsScores().Node);
    }

    // Longer than any that PyTorch makes; names go into those of parameters many times over.
    private const int MostOfName = 300;

    /// <summary>The images of a batch, as far as the model fixes them; else 1.</summary>
    internal int Batch { get; }

    /// <summary>The version of ONNX's operators that the model is written in.</summary>
    internal long OperatorSet { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="external">Where data outside of it is.</param>
    /// <param name="options">What the model leaves open.</param>
    /// <exception cref="InvalidDataException">It is damaged, or has nodes that cannot be run; the message names them.</exception>
    internal static ImportedModel Read(ModelProto model, ExternalData external, OnnxOptions options)
    {
        var operators = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version
            ?? throw new InvalidDataException("is no ONNX model: it does not say which operators it is written in.");
        var import = new OnnxImport(model.Graph
            ?? throw new InvalidDataException("is an ONNX model without a graph."), external, operators, options);
        return new(new Graph(import._nodes, options.EndsInFeatures), [.. import._tensors], import._stored, import._computed);
    }

    /// <summary>The shape of one image.</summary>
    internal ImageShape ImageShape => _shapes[0];

    /// <summary>The shape of one sample of a value.</summary>
    internal ImageShape ShapeOf(OnnxActivation value) => _shapes[value.Node];

    /// <summary>The extents of a value in the model, images of the batch included.</summary>
    internal long[] ExtentsOf(OnnxActivation value) => value.Extents(Batch, ShapeOf(value));

    /// <summary>The node that yields a value.</summary>
    internal Node NodeOf(OnnxActivation value) => _nodes[value.Node];

    /// <summary>A node by its index.</summary>
    internal Node NodeAt(int index) => _nodes[index];

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

    /// <summary>The same value in other axes.</summary>
    internal OnnxActivation Alias(OnnxNode node, OnnxActivation value, string axes) =>
        Alias(node, value) with { Axes = OnnxAxes.Named(axes, ShapeOf(value)) };

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

    /// <summary>A name for a node with parameters: that of its weight, its second input, as PyTorch names it.</summary>
    internal string NameByWeight(OnnxNode node)
    {
        const string Suffix = ".weight";
        var name = node.Constant(1) is { Stored: not null, Name: { Length: > 0 } stored } ? stored : node.InputName(1);
        return UniqueName(name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name);
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
        if (IsPlace(value))
            _stored.Add(new(name, value.Stored!, value.IsTransposed));
    }

    /// <summary>A parameter of an earlier node.</summary>
    internal float[] Parameter(string name) => _tensors[name].ToFloats();

    /// <summary>Takes values that are computed as a parameter.</summary>
    internal void AddParameter(string name, float[] values) => _tensors[name] = Tensor.From([values.Length], values);

    /// <summary>Takes a constant as the kernels of a convolution, which no other may have.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The constant.</param>
    /// <param name="place">What the model calls the constant.</param>
    /// <param name="shape">The shape of the kernels.</param>
    internal void AddKernels(string name, OnnxConstant value, string place, int[] shape)
    {
        if (!_kernels.Add((object?)value.Stored ?? value.Tensor))
            throw new UnsupportedNodeException($"shares its kernels {MalformedFile.Quote(place)} with another convolution");
        AddParameter(name, value, shape);
        if (!IsPlace(value))
            _computed.Add(new(name, place, shape));
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

    /// <summary>Whether others can be written where the constant is stored.</summary>
    private static bool IsPlace(OnnxConstant value) => value.Stored is { } stored && OnnxTypes.IsFloatingPoint(stored.DataType);

    /// <summary>The nodes that a node's value needs, itself included.</summary>
    internal HashSet<int> AncestorsOf(int node)
    {
        var found = new HashSet<int> { node };
        for (var i = node; i >= 0; i--)
            if (found.Contains(i))
                found.UnionWith(_nodes[i].Inputs);
        return found;
    }

    /// <summary>Leaves out what the value of the last node does not need.</summary>
    private void KeepOnly(int last)
    {
        var needed = AncestorsOf(last);
        var (kept, places) = (new List<Node>(), new int[_nodes.Count]);
        foreach (var (i, node) in _nodes.Index())
        {
            if (needed.Contains(i))
            {
                places[i] = kept.Count;
                kept.Add(node with { Inputs = [.. node.Inputs.Select(input => places[input])] });
                continue;
            }
            foreach (var (suffix, _) in node.Parameters([.. node.Inputs.Select(input => _shapes[input])]))
                _tensors.Remove($"{node.Name}.{suffix}");
        }
        _nodes.Clear();
        _nodes.AddRange(kept);
        _stored.RemoveAll(parameter => !_tensors.ContainsKey(parameter.Name));
        _computed.RemoveAll(parameter => !_tensors.ContainsKey(parameter.Name));
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
                    $"is an ONNX model whose node {MalformedFile.Quote(OnnxNode.NameOf(stored))} reads {MalformedFile.Quote(name)}, which is not there.");
            isKnown &= name.Length == 0 || value is not null;
            inputs.Add(value);
        }
        OnnxValue? made = null;
        try
        {
            var handler = stored.Domain is "" or "ai.onnx" ? OnnxOperators.Find(stored.OpType, inputs) : null;
            if (handler is null)
                throw new UnsupportedNodeException("is not supported");
            Spend(inputs.OfType<OnnxConstant>().Sum(constant => (long)constant.Tensor.Data.Length));
            // What follows a node that cannot be run is not judged.
            made = isKnown ? handler(this, new OnnxNode(stored, inputs)) : null;
            Spend(made is OnnxConstant constant ? constant.Tensor.Data.Length : 0);
        }
        catch (Exception exception) when (exception is UnsupportedNodeException or NernException or InvalidDataException or OverflowException)
        {
            _problems.Add(stored, exception.Message);
        }
        foreach (var (i, output) in stored.Output.Index())
            Define(output, made is OnnxResults several ? several.Values.ElementAtOrDefault(i) : i == 0 ? made : null);
    }

    private void Define(string name, OnnxValue? value)
    {
        if (name.Length > 0 && !_values.TryAdd(name, value))
            throw new InvalidDataException($"is an ONNX model that gives the name {MalformedFile.Quote(name)} to two values.");
    }
}

/// <summary>What an ONNX model is as a network.</summary>
/// <param name="Graph">The architecture.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Stored">Where the model stores them.</param>
/// <param name="Computed">Kernels that it computes instead.</param>
internal sealed record ImportedModel(
    Graph Graph, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyList<StoredParameter> Stored,
    IReadOnlyList<ComputedParameter> Computed);
