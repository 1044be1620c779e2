using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Window = Nern.Networks.Window;

namespace Nern.Compression;

/// <summary>
/// What layers of a network see of some images: second moments of the patches that a convolution is applied to. Layers are asked for in the
/// order of the network, which may change between two of them in those that were asked for already and in no other.
/// </summary>
internal sealed class LayerInputs
{
    private const int Batch = 32;

    // Any number: the same patches each time.
    private const ulong Seed = 0x47505451;

    // Of values that are kept, so that layers do not begin at the images each time.
    private const long MostKept = 1 << 28;

    private readonly CpuEngine _engine;
    private readonly int _positions, _count;

    // The value of a node that all that follows goes through, [images, channels, height, width].
    private ReadOnlyMemory<float> _values;
    private int _node;

    /// <param name="engine">The engine.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="images">Inputs of the network, [images, channels, height, width].</param>
    /// <param name="positions">How many patches are taken at most, of each image as many, at random.</param>
    internal LayerInputs(CpuEngine engine, ImageShape shape, ReadOnlyMemory<float> images, int positions = 40_000)
    {
        (_engine, _values, _count) = (engine, images, images.Length / shape.Count);
        _positions = Math.Max(1, positions / Math.Max(1, _count));
    }

    /// <summary>
    /// The second moments of a layer's inputs: for each of its groups the mean of x xᵀ, [columns, columns], with columns in the order of a
    /// filter's weights.
    /// </summary>
    /// <param name="network">The network, as it is to be at the layers before.</param>
    /// <param name="layer">The name of a convolution or fully connected layer.</param>
    internal double[][] Moments(Network network, string layer)
    {
        var graph = network.Graph;
        var node = graph.Nodes.First(node => node.Name == layer);
        var input = node.Inputs[0];
        KeepUpTo(network, input);
        // A fully connected layer is a convolution that has one place.
        var convolution = node as Convolution ?? new(layer, node.Inputs, 1, 1, 1, Window.Square(1, 0));
        var patches = new PatchMoments(convolution, graph.ShapeOf(input), _positions, new Generator(Seed));
        Run(network, input, patches.Add);
        return patches.Mean();
    }

    /// <summary>Goes on to the last node before one that all values behind it are made of alone.</summary>
    private void KeepUpTo(Network network, int last)
    {
        var graph = network.Graph;
        var node = last;
        while (node > _node && (IsPassed(graph, node) || (long)_count * graph.ShapeOf(node).Count > MostKept))
            node--;
        if (node == _node)
            return;
        var values = new float[_count * graph.ShapeOf(node).Count];
        var filled = 0;
        Run(network, node, (batch, count) =>
        {
            batch[..(count * graph.ShapeOf(node).Count)].CopyTo(values.AsSpan(filled));
            filled += count * graph.ShapeOf(node).Count;
        });
        (_values, _node) = (values, node);
    }

    /// <summary>Whether a value from before a node is read behind it.</summary>
    private static bool IsPassed(Graph graph, int node) =>
        graph.Nodes.Skip(node + 1).Any(reader => reader.Inputs.Any(input => input < node));

    /// <summary>Hands over the value of a node, some images at a time.</summary>
    private void Run(Network network, int last, TakeValues take)
    {
        if (last == _node)
        {
            take(_values.Span, _count);
            return;
        }
        using var plan = NetworkPlan.Inference(_engine, Part(network, _node, last), Math.Min(Batch, _count), Precision.Float32);
        var length = network.Graph.ShapeOf(_node).Count;
        for (var first = 0; first < _count; first += plan.Batch)
        {
            var taken = Math.Min(plan.Batch, _count - first);
            _values.Span.Slice(first * length, taken * length).CopyTo(plan.Images);
            plan.Forward();
            take(plan.Logits, taken);
        }
    }

    /// <summary>The part of a network that makes the value of one node of that of another.</summary>
    private static Network Part(Network network, int first, int last)
    {
        var nodes = network.Graph.Nodes;
        var needed = new bool[nodes.Count];
        needed[last] = true;
        for (var i = last; i > first; i--)
            if (needed[i])
                foreach (var input in nodes[i].Inputs)
                    needed[input] = true;
        var places = new int[nodes.Count];
        List<Node> kept = [new Input(nodes[first].Name, network.Graph.ShapeOf(first))];
        for (var i = first + 1; i <= last; i++)
            if (needed[i])
            {
                places[i] = kept.Count;
                kept.Add(nodes[i] with { Inputs = [.. nodes[i].Inputs.Select(input => places[input])] });
            }
        var graph = new Graph(kept);
        return new(graph, [.. graph.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, network.Tensors[parameter.Name]))]);
    }

    /// <summary>Takes values of so many images.</summary>
    private delegate void TakeValues(ReadOnlySpan<float> values, int count);

    /// <summary>The second moments of patches, group by group.</summary>
    private sealed class PatchMoments
    {
        private readonly Convolution _convolution;
        private readonly ImageShape _shape;
        private readonly int _perImage, _width;
        private readonly Generator _generator;
        private readonly int[] _places;
        private readonly SecondMoments _moments;
        private readonly float[] _patch;

        internal PatchMoments(Convolution convolution, ImageShape shape, int perImage, Generator generator)
        {
            (_convolution, _shape, _generator) = (convolution, shape, generator);
            var columns = shape.Channels / convolution.Groups * convolution.KernelHeight * convolution.KernelWidth;
            (var height, _width) = Sliding.Infer(shape, convolution.KernelHeight, convolution.KernelWidth, convolution.Window);
            _places = [.. Enumerable.Range(0, height * _width)];
            _perImage = Math.Min(perImage, _places.Length);
            _moments = new(convolution.Groups, columns);
            _patch = new float[convolution.Groups * columns];
        }

        /// <summary>Takes patches of images, [images, channels, height, width].</summary>
        internal void Add(ReadOnlySpan<float> images, int count)
        {
            for (var image = 0; image < count; image++)
                for (var taken = 0; taken < _perImage; taken++)
                {
                    // The first places of a shuffled list, of which no more is shuffled than is needed.
                    var other = taken + _generator.NextInt32(_places.Length - taken);
                    (_places[taken], _places[other]) = (_places[other], _places[taken]);
                    Read(images.Slice(image * _shape.Count, _shape.Count), _places[taken] / _width, _places[taken] % _width);
                    _moments.Add(_patch);
                }
        }

        /// <summary>The means, of all that was taken.</summary>
        internal double[][] Mean() => _moments.Mean();

        private void Read(ReadOnlySpan<float> image, int y, int x)
        {
            var window = _convolution.Window;
            var place = 0;
            for (var channel = 0; channel < _shape.Channels; channel++)
                for (var ky = 0; ky < _convolution.KernelHeight; ky++)
                {
                    var row = (y * window.StrideY) - window.Top + (ky * window.DilationY);
                    for (var kx = 0; kx < _convolution.KernelWidth; kx++, place++)
                    {
                        var column = (x * window.StrideX) - window.Left + (kx * window.DilationX);
                        _patch[place] = (uint)row < (uint)_shape.Height && (uint)column < (uint)_shape.Width
                            ? image[(((channel * _shape.Height) + row) * _shape.Width) + column] : 0;
                    }
                }
        }
    }
}
