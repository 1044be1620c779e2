using System.Runtime.InteropServices;
using Nern.Networks;
using Nern.Tensors;

namespace Nern.OnnxModels;

/// <summary>Writes a network as an ONNX model: float32, parameters under their own names.</summary>
internal sealed class OnnxGraphWriter
{
    private const int IrVersion = 8, OperatorSet = 14;
    private const string Batch = "N", Images = "input", Logits = "logits";
    private const int FloatAttribute = 1, IntegerAttribute = 2, IntegersAttribute = 7;

    private readonly Network _network;
    private readonly List<WireMessage> _nodes = [], _initializers = [];
    private readonly string[] _values;
    private readonly int[] _ranks;

    private OnnxGraphWriter(Network network)
    {
        _network = network;
        _values = new string[network.Graph.Nodes.Count];
        _ranks = new int[_values.Length];
    }

    /// <summary>The model.</summary>
    /// <exception cref="NernException">A node has no counterpart in ONNX.</exception>
    internal static WireMessage Write(Network network) => new WireMessage()
        .Add(OnnxFields.Model.IrVersion, IrVersion)
        .Add(OnnxFields.Model.ProducerName, "nern")
        .Add(OnnxFields.Model.ProducerVersion, typeof(OnnxGraphWriter).Assembly.GetName().Version!.ToString(3))
        .Add(OnnxFields.Model.Graph, new OnnxGraphWriter(network).WriteGraph())
        .Add(OnnxFields.Model.OperatorSets, new WireMessage()
            .Add(OnnxFields.OperatorSet.Domain, "").Add(OnnxFields.OperatorSet.Version, OperatorSet));

    private WireMessage WriteGraph()
    {
        var graph = _network.Graph;
        var shape = graph.InputShape;
        (_values[0], _ranks[0]) = (Images, 4);
        for (var i = 1; i < _values.Length; i++)
        {
            _ranks[i] = graph.Nodes[i] switch
            {
                Flatten or Gemm => 2,
                Convolution or Pool or GlobalAveragePool or Slice or Subsample or Pad or PadChannels or ChannelShuffle => 4,
                var node => node.Inputs.Max(input => _ranks[input]),
            };
            var isLast = i == _values.Length - 1;
            _values[i] = isLast && _ranks[i] == 2 ? Logits : $"{graph.Nodes[i].Name}/value";
            Write(i, graph.Nodes[i], [.. graph.Nodes[i].Inputs.Index().Select(input => Input(i, input.Index, input.Item))]);
            if (isLast && _ranks[i] == 4)
                Append("Flatten", "logits/flatten", [_values[i]], Logits, ("axis", 1));
        }
        var message = new WireMessage();
        foreach (var node in _nodes)
            message.Add(OnnxFields.Graph.Nodes, node);
        message.Add(OnnxFields.Graph.Name, "network");
        foreach (var initializer in _initializers)
            message.Add(OnnxFields.Graph.Initializers, initializer);
        return message
            .Add(OnnxFields.Graph.Inputs, Describe(Images, shape.Channels, shape.Height, shape.Width))
            .Add(OnnxFields.Graph.Outputs, Describe(Logits, graph.Logits));
    }

    /// <summary>A node's input; a vector as images of one pixel where the node takes images.</summary>
    private string Input(int node, int position, int input)
    {
        if (_ranks[input] >= _ranks[node])
            return _values[input];
        var name = $"{_network.Graph.Nodes[node].Name}/input{position}";
        Append("Reshape", name, [_values[input], Constant($"{name}/shape", [0, -1, 1, 1])], $"{name}/images");
        return $"{name}/images";
    }

    private void Write(int index, Node node, string[] inputs)
    {
        var (name, value) = (node.Name, _values[index]);
        switch (node)
        {
            case Convolution convolution:
                Append("Conv", name, [inputs[0], Parameter(name, "weight"), .. Bias(name, convolution.HasBias)], value,
                    [("group", convolution.Groups), .. Window(convolution.KernelHeight, convolution.KernelWidth, convolution.Window)]);
                break;
            case BatchNorm norm:
                Append("BatchNormalization", name,
                    [inputs[0], Parameter(name, "weight"), Parameter(name, "bias"), Parameter(name, "running_mean"),
                        Parameter(name, "running_var")],
                    value, ("epsilon", norm.Epsilon));
                break;
            case Gemm gemm:
                if (_ranks[node.Inputs[0]] == 4)
                {
                    Append("Flatten", $"{name}/flatten", inputs, $"{name}/vector", ("axis", 1));
                    inputs = [$"{name}/vector"];
                }
                Append("Gemm", name, [inputs[0], Parameter(name, "weight"), .. Bias(name, gemm.HasBias)], value, ("transB", 1));
                break;
            case ChannelAffine:
                int[] shape = _ranks[index] == 4
                    ? [_network.Graph.ShapeOf(index).Channels, 1, 1] : [_network.Graph.ShapeOf(index).Channels];
                Append("Mul", name, [inputs[0], Parameter(name, "weight", shape)], $"{name}/scaled");
                Append("Add", $"{name}/add", [$"{name}/scaled", Parameter(name, "bias", shape)], value);
                break;
            case Pool { Kind: PoolingKind.Maximum } pool:
                Append("MaxPool", name, inputs, value, Window(pool.KernelHeight, pool.KernelWidth, pool.Window));
                break;
            case Pool { Window: { DilationY: 1, DilationX: 1 } } pool:
                Append("AveragePool", name, inputs, value,
                    [("count_include_pad", pool.Kind == PoolingKind.AverageWithPadding ? 1 : 0),
                        .. Window(pool.KernelHeight, pool.KernelWidth, pool.Window).Where(attribute => attribute.Name != "dilations")]);
                break;
            case Relu { Ceiling: { } ceiling }:
                Append("Clip", name, [inputs[0], Constant($"{name}/min", 0), Constant($"{name}/max", ceiling)], value);
                break;
            case Clip clip:
                Append("Clip", name, [inputs[0], Constant($"{name}/min", clip.Minimum), Constant($"{name}/max", clip.Maximum)], value);
                break;
            case LeakyRelu leaky:
                Append("LeakyRelu", name, inputs, value, ("alpha", leaky.Slope));
                break;
            case Concat:
                Append("Concat", name, inputs, value, ("axis", 1));
                break;
            case Flatten flatten:
                if (flatten.ChannelsLast)
                {
                    Append("Transpose", $"{name}/transpose", inputs, $"{name}/transposed", ("perm", new[] { 0, 2, 3, 1 }));
                    inputs = [$"{name}/transposed"];
                }
                Append("Flatten", name, inputs, value, ("axis", 1));
                break;
            case Silu:
                Append("Sigmoid", $"{name}/sigmoid", inputs, $"{name}/gate");
                Append("Mul", name, [inputs[0], $"{name}/gate"], value);
                break;
            case Multiply:
                Append("Mul", name, inputs, value);
                break;
            case ChannelShuffle shuffle:
                var map = _network.Graph.ShapeOf(index);
                Append("Reshape", $"{name}/groups",
                    [inputs[0], Constant($"{name}/groups/shape", [0, shuffle.Groups, -1, map.Height, map.Width])], $"{name}/grouped");
                Append("Transpose", $"{name}/transpose", [$"{name}/grouped"], $"{name}/transposed", ("perm", new[] { 0, 2, 1, 3, 4 }));
                Append("Reshape", name, [$"{name}/transposed", Constant($"{name}/shape", [0, map.Channels, map.Height, map.Width])], value);
                break;
            case Subsample sample:
                Append("Slice", name,
                    [inputs[0], Constant($"{name}/starts", [0L, 0L]), Constant($"{name}/ends", [int.MaxValue, int.MaxValue]),
                        Constant($"{name}/axes", [2L, 3L]), Constant($"{name}/steps", [sample.Stride, sample.Stride])], value);
                break;
            case Slice slice:
                Extent[] extents = [slice.Channels, slice.Rows, slice.Columns];
                Append("Slice", name,
                    [inputs[0], Constant($"{name}/starts", [.. extents.Select(extent => (long)extent.Start)]),
                        Constant($"{name}/ends", [.. extents.Select(extent => extent.Start + ((extent.Count - 1L) * extent.Step) + 1)]),
                        Constant($"{name}/axes", [1L, 2L, 3L]),
                        Constant($"{name}/steps", [.. extents.Select(extent => (long)extent.Step)])], value);
                break;
            case PadChannels pad:
                Append("Pad", name, [inputs[0], Constant($"{name}/pads", [0, pad.Before, 0, 0, 0, pad.After, 0, 0])], value);
                break;
            case Pad pad:
                Append("Pad", name, [inputs[0], Constant($"{name}/pads", [0, 0, pad.Top, pad.Left, 0, 0, pad.Bottom, pad.Right])], value);
                break;
            // The others are called the same there, and have nothing but their inputs.
            case Relu or Add or Sigmoid or HardSwish or GlobalAveragePool:
                Append(node.GetType().Name, name, inputs, value);
                break;
            default:
                throw new NernException($"Node '{name}' ({node.GetType().Name}) cannot be written as ONNX.");
        }
    }

    private void Append(string type, string name, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new WireMessage();
        foreach (var input in inputs)
            node.Add(OnnxFields.Node.Inputs, input);
        node.Add(OnnxFields.Node.Outputs, output).Add(OnnxFields.Node.Name, name).Add(OnnxFields.Node.OperatorType, type);
        foreach (var attribute in attributes)
            node.Add(OnnxFields.Node.Attributes, Attribute(attribute.Name, attribute.Value));
        _nodes.Add(node);
    }

    private static WireMessage Attribute(string name, object value)
    {
        var attribute = new WireMessage().Add(OnnxFields.Attribute.Name, name);
        switch (value)
        {
            case int number:
                return attribute.Add(OnnxFields.Attribute.Integer, number).Add(OnnxFields.Attribute.Type, IntegerAttribute);
            case float number:
                return attribute.Add(OnnxFields.Attribute.Float, number).Add(OnnxFields.Attribute.Type, FloatAttribute);
            default:
                foreach (var number in (int[])value)
                    attribute.Add(OnnxFields.Attribute.Integers, number);
                return attribute.Add(OnnxFields.Attribute.Type, IntegersAttribute);
        }
    }

    private static (string Name, object Value)[] Window(int height, int width, Window window) =>
    [
        ("kernel_shape", new[] { height, width }),
        ("strides", new[] { window.StrideY, window.StrideX }),
        ("pads", new[] { window.Top, window.Left, window.Bottom, window.Right }),
        ("dilations", new[] { window.DilationY, window.DilationX }),
    ];

    private string[] Bias(string node, bool hasBias) => hasBias ? [Parameter(node, "bias")] : [];

    private string Parameter(string node, string suffix, int[]? shape = null)
    {
        var name = $"{node}.{suffix}";
        var tensor = _network.Tensors[name].As(ElementType.Float32);
        return Store(name, new Tensor(ElementType.Float32, shape ?? tensor.Shape, tensor.Data), OnnxTypes.Float);
    }

    private string Constant(string name, float value) => Store(name, Tensor.From([], [value]), OnnxTypes.Float);

    private string Constant(string name, long[] values) =>
        Store(name, new Tensor(ElementType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray()), OnnxTypes.Int64);

    private string Store(string name, Tensor tensor, int type)
    {
        var stored = new WireMessage();
        foreach (var dimension in tensor.Shape)
            stored.Add(OnnxFields.Tensor.Dimensions, dimension);
        _initializers.Add(stored.Add(OnnxFields.Tensor.DataType, type).Add(OnnxFields.Tensor.Name, name)
            .Add(OnnxFields.Tensor.RawData, tensor.Data));
        return name;
    }

    private static WireMessage Describe(string name, params int[] sample)
    {
        var shape = new WireMessage().Add(OnnxFields.Shape.Dimensions, new WireMessage().Add(OnnxFields.Shape.DimensionName, Batch));
        foreach (var extent in sample)
            shape.Add(OnnxFields.Shape.Dimensions, new WireMessage().Add(OnnxFields.Shape.DimensionValue, extent));
        var tensor = new WireMessage().Add(OnnxFields.Type.ElementType, OnnxTypes.Float).Add(OnnxFields.Type.Shape, shape);
        return new WireMessage().Add(OnnxFields.Value.Name, name)
            .Add(OnnxFields.Value.Type, new WireMessage().Add(OnnxFields.Type.Tensor, tensor));
    }
}
