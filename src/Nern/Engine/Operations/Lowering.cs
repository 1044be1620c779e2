using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Operations;

/// <summary>Turns a graph into operations: nodes that one primitive can do together become one.</summary>
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

    /// <summary>The operations of a network, in an order in which they can run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fuseRelu">Whether convolutions may take the ReLU behind them along.</param>
    /// <param name="learnable">Names of the convolutions whose weights change.</param>
    /// <param name="maps">Feature maps to be measured.</param>
    internal static List<Operation> Lower(
        Network network, bool fuseRelu, IReadOnlySet<string> learnable, IReadOnlyList<FeatureMap> maps) =>
        new Lowering(network, fuseRelu, learnable, maps).Lower();

    /// <summary>The operations of a network whose parameters all change; batch normalisation is one of its own, with the ReLU behind it.</summary>
    internal static List<Operation> LowerForTraining(Network network) =>
        new Lowering(network, fuseRelu: true, new HashSet<string>(), [], trains: true).Lower();

    private List<Operation> Lower()
    {
        var operations = new List<Operation>();
        for (var i = 1; i < _nodes.Count; i++)
            if (!_done[i])
                operations.Add(Lower(i));
        // An operation that took an addition along waits until the addend is there.
        return [.. operations.OrderBy(operation => operation.Output)];
    }

    private Operation Lower(int index) => _nodes[index] switch
    {
        Convolution node => _trains ? Train(index, node) : Convolve(index, node),
        BatchNorm node when _trains => Train(index, node),
        Relu node => new ReluOperation(index, node.Inputs[0], _maps.FirstOrDefault(map => map.Relu == index)),
        Add node => new AddOperation(index, node.Inputs[0], node.Inputs[1]),
        Concat node => new ConcatOperation(index, node.Inputs),
        Pool node => new PoolOperation(index, node),
        GlobalAveragePool node => new GlobalAveragePoolOperation(index, node.Inputs[0]),
        Flatten node => new FlattenOperation(index, node.Inputs[0]),
        Gemm node => new GemmOperation(index, node, _trains),
        Subsample node => Select(index, node),
        PadChannels node => Select(index, node.Inputs[0], 1, node.Before, node.Before + node.After),
        var node => throw new NernException(
            $"Node '{node.Name}' ({node.GetType().Name}) does not follow a convolution, which is not supported."),
    };

    private ConvolutionOperation Convolve(int index, Convolution node)
    {
        var output = index;
        var norm = SoleConsumer(output) is { } next && _nodes[next] is BatchNorm found ? Take(next, found, ref output) : null;
        int? addend = null;
        // The first of two convolutions takes the addition; it then runs at the addition's place, where both operands are there.
        if (SoleConsumer(output) is { } sum && !_done[sum] && _nodes[sum] is Add add && add.Inputs[0] != add.Inputs[1])
        {
            addend = add.Inputs[0] == output ? add.Inputs[1] : add.Inputs[0];
            Take(sum, add, ref output);
        }
        var relu = _fuseRelu && TakeRelu(ref output);
        var (scales, bias) = ConvolutionWeights.Fold(_network, node, norm);
        return new ConvolutionOperation(
            node, output, _network.Values($"{node.Name}.weight"), scales, bias, addend, relu, _learnable.Contains(node.Name));
    }

    private ConvolutionOperation Train(int index, Convolution node)
    {
        var (scales, bias) = ConvolutionWeights.Fold(_network, node, null);
        return new ConvolutionOperation(
            node, index, _network.Values($"{node.Name}.weight"), scales, bias, null, relu: false, learnable: true);
    }

    private BatchNormOperation Train(int index, BatchNorm node)
    {
        var output = index;
        var relu = TakeRelu(ref output);
        return new BatchNormOperation(output, node, relu);
    }

    /// <summary>Rows, columns and channels picked by a convolution with ones and zeros: exact, and free of layouts.</summary>
    private ConvolutionOperation Select(int index, Subsample node)
    {
        if (SoleConsumer(index) is { } next && _nodes[next] is PadChannels pad)
        {
            var output = index;
            Take(next, pad, ref output);
            return Select(output, node.Inputs[0], node.Stride, pad.Before, pad.Before + pad.After);
        }
        return Select(index, node.Inputs[0], node.Stride, 0, 0);
    }

    private ConvolutionOperation Select(int output, int input, int stride, int before, int added)
    {
        var channels = _network.Graph.ShapeOf(input).Channels;
        var filters = channels + added;
        var weights = new float[filters * channels];
        for (var channel = 0; channel < channels; channel++)
            weights[((before + channel) * channels) + channel] = 1;
        var scales = new float[filters];
        Array.Fill(scales, 1f);
        var node = new Convolution(_nodes[output].Name, [input], filters, 1, 1, Window.Square(stride, 0));
        return new ConvolutionOperation(node, output, weights, scales, new float[filters], null, relu: false, learnable: false);
    }

    private TNode Take<TNode>(int index, TNode node, ref int output) where TNode : Node
    {
        _done[index] = true;
        output = index;
        return node;
    }

    private bool TakeRelu(ref int output) =>
        SoleConsumer(output) is { } next && _nodes[next] is Relu relu && Take(next, relu, ref output) is not null;

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
