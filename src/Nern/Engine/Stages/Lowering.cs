using Nern.Networks;
using Nern.OneDnn;
using PoolingKind = Nern.Networks.PoolingKind;

namespace Nern.Engine.Stages;

/// <summary>Turns a graph into stages: nodes that one primitive can do together become one.</summary>
internal sealed class Lowering
{
    private readonly Network _network;
    private readonly IReadOnlyList<Node> _nodes;
    private readonly int[] _consumers;
    private readonly bool _fuseRelu, _trains;
    private readonly IReadOnlySet<string> _learnable;
    private readonly IReadOnlyList<FeatureMap> _maps;
    private readonly bool[] _done;

    private Lowering(
        Network network, bool fuseRelu, IReadOnlySet<string> learnable, IReadOnlyList<FeatureMap> maps, bool trains = false)
    {
        _network = network;
        _nodes = network.Graph.Nodes;
        _fuseRelu = fuseRelu;
        _trains = trains;
        _learnable = learnable;
        _maps = maps;
        _consumers = new int[_nodes.Count];
        _done = new bool[_nodes.Count];
        foreach (var input in _nodes.SelectMany(node => node.Inputs))
            _consumers[input]++;
    }

    /// <summary>The stages of a network, in an order in which they can run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fuseRelu">Whether convolutions may take the ReLU behind them along.</param>
    /// <param name="learnable">Names of the convolutions and fully connected layers whose weights change.</param>
    /// <param name="maps">Feature maps to be measured.</param>
    internal static List<Stage> Lower(
        Network network, bool fuseRelu, IReadOnlySet<string> learnable, IReadOnlyList<FeatureMap> maps) =>
        new Lowering(network, fuseRelu, learnable, maps).Lower();

    /// <summary>
    /// The stages of a network whose parameters all change; batch normalisation is one of its own, with the ReLU behind it.
    /// </summary>
    internal static List<Stage> LowerForTraining(Network network) =>
        new Lowering(network, fuseRelu: true, new HashSet<string>(), [], trains: true).Lower();

    private List<Stage> Lower()
    {
        var stages = new List<Stage>();
        for (var i = 1; i < _nodes.Count; i++)
            if (!_done[i] && !IsInWindow(i))
                stages.Add(Lower(i));
        // A stage that took an addition along waits until the addend is there.
        return [.. stages.OrderBy(stage => stage.Output)];
    }

    private Stage Lower(int index) => WithPadding(_nodes[index]) switch
    {
        Convolution node => _trains ? Train(index, node) : Convolve(index, node),
        BatchNorm node => _trains ? Train(index, node) : Scale(index, node),
        ChannelAffine node when !_trains => Scale(index, node),
        Relu node => new ReluStage(index, node.Inputs[0], node.Ceiling, _maps.FirstOrDefault(map => map.Relu == index)),
        LeakyRelu node => new EltwiseStage(index, node.Inputs[0], EltwiseFunction.Relu, node.Slope),
        Clip node => new EltwiseStage(index, node.Inputs[0], EltwiseFunction.Clip, node.Minimum, node.Maximum),
        Sigmoid node => new EltwiseStage(index, node.Inputs[0], EltwiseFunction.Logistic),
        HardSwish node => new EltwiseStage(index, node.Inputs[0], EltwiseFunction.HardSwish),
        Silu node => new EltwiseStage(index, node.Inputs[0], EltwiseFunction.Swish, alpha: 1),
        Multiply node => new MultiplyStage(index, node.Inputs[0], node.Inputs[1]),
        ChannelShuffle node => new ShuffleStage(index, node),
        Add node => new AddStage(index, node.Inputs[0], node.Inputs[1]),
        Concat node => new ConcatStage(index, node.Inputs),
        Pool node => new PoolStage(index, node),
        GlobalAveragePool node => new GlobalAveragePoolStage(index, node.Inputs[0]),
        Flatten node => new FlattenStage(index, node.Inputs[0], node.ChannelsLast),
        Gemm node => new GemmStage(index, node, _trains || _learnable.Contains(node.Name)),
        Slice node => new PartStage(index, node),
        Pad node => new PartStage(index, node, _network.Graph.ShapeOf(node.Inputs[0])),
        Subsample node => Select(index, node),
        PadChannels node => Select(index, node.Inputs[0], 1, node),
        var node => throw new NernException($"Node '{node.Name}' ({node.GetType().Name}) cannot be trained."),
    };

    /// <summary>Whether a node pads what only the window of the next one sees, which then pads instead.</summary>
    private bool IsInWindow(int index) =>
        _nodes[index] is Pad && SoleConsumer(index) is { } next && !ReferenceEquals(WithPadding(_nodes[next]), _nodes[next]);

    /// <summary>A node with a window that takes over the padding before it; any other as it is.</summary>
    private Node WithPadding(Node node)
    {
        if (node.Inputs.Count != 1 || _nodes[node.Inputs[0]] is not Pad pad || _consumers[node.Inputs[0]] != 1)
            return node;
        var (window, height, width) = node switch
        {
            Convolution c => (c.Window, c.KernelHeight, c.KernelWidth),
            Pool { Kind: PoolingKind.AverageWithPadding } p => (p.Window, p.KernelHeight, p.KernelWidth),
            _ => default,
        };
        var whole = window with
        {
            Top = window.Top + pad.Top,
            Left = window.Left + pad.Left,
            Bottom = window.Bottom + pad.Bottom,
            Right = window.Right + pad.Right,
        };
        // The library has no fast kernels for windows that see nothing but padding.
        if (Math.Max(whole.Top, whole.Bottom) >= height || Math.Max(whole.Left, whole.Right) >= width)
            return node;
        return node switch
        {
            Convolution c => c with { Inputs = pad.Inputs, Window = whole },
            Pool p => p with { Inputs = pad.Inputs, Window = whole },
            _ => node,
        };
    }

    private ConvolutionStage Convolve(int index, Convolution node)
    {
        var output = index;
        var norm = SoleConsumer(output) is { } next && _nodes[next] is BatchNorm or ChannelAffine ? Take(next, ref output) : null;
        int? addend = null;
        // The first of two convolutions takes the addition; it then runs at the addition's place, where both operands are there.
        if (SoleConsumer(output) is { } sum && !_done[sum] && _nodes[sum] is Add add && add.Inputs[0] != add.Inputs[1])
        {
            addend = add.Inputs[0] == output ? add.Inputs[1] : add.Inputs[0];
            Take(sum, ref output);
        }
        var relu = _fuseRelu ? TakeRelu(ref output) : null;
        return new ConvolutionStage(
            FoldedConvolution.Of(_network, node, norm), output, addend, relu, _learnable.Contains(node.Name));
    }

    /// <summary>A normalisation, or factors, that no convolution could take along.</summary>
    private ConvolutionStage Scale(int index, Node node)
    {
        var output = index;
        var relu = _fuseRelu ? TakeRelu(ref output) : null;
        return new ConvolutionStage(FoldedConvolution.Of(_network, node), output, addend: null, relu, learnable: false);
    }

    private ConvolutionStage Train(int index, Convolution node) =>
        new(FoldedConvolution.Of(_network, node, norm: null), index, addend: null, relu: null, learnable: true);

    private BatchNormStage Train(int index, BatchNorm node)
    {
        var output = index;
        // The primitive knows no ceiling.
        var relu = SoleConsumer(index) is { } next && _nodes[next] is Relu { Ceiling: null } && Take(next, ref output) is not null;
        return new BatchNormStage(output, node, relu);
    }

    /// <summary>Rows, columns and channels picked by a convolution: exact, and free of layouts.</summary>
    private ConvolutionStage Select(int index, Subsample node)
    {
        var output = index;
        var pad = SoleConsumer(index) is { } next && _nodes[next] is PadChannels ? Take(next, ref output) : null;
        return Select(output, node.Inputs[0], node.Stride, pad as PadChannels);
    }

    private ConvolutionStage Select(int output, int input, int stride, PadChannels? pad) => new(
        FoldedConvolution.Selecting(
            _nodes[output].Name, input, _network.Graph.ShapeOf(input).Channels, stride, pad?.Before ?? 0, pad?.After ?? 0),
        output, addend: null, relu: null, learnable: false);

    private Node Take(int index, ref int output)
    {
        _done[index] = true;
        output = index;
        return _nodes[index];
    }

    private Relu? TakeRelu(ref int output) =>
        SoleConsumer(output) is { } next && _nodes[next] is Relu ? (Relu)Take(next, ref output) : null;

    private int? SoleConsumer(int value)
    {
        if (_consumers[value] != 1)
            return null;
        for (var i = value + 1; i < _nodes.Count; i++)
            if (_nodes[i].Inputs.Contains(value))
                return i;
        return null;
    }
}
