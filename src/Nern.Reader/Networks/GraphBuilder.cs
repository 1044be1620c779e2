
namespace Nern.Networks;

/// <summary>Appends nodes one after another; every method returns the index of the value it made.</summary>
public sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];

    /// <summary>Begins with images of <paramref name="shape"/>.</summary>
    public GraphBuilder(ImageShape shape) => _nodes.Add(new Input("input", shape));

    /// <summary>Appends <paramref name="node"/>.</summary>
    public int Append(Node node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    /// <summary>A square convolution without bias, then batch normalisation.</summary>
    public int ConvolutionAndNorm(
        int input, string convolution, string norm, int filters, int kernel, int stride, int padding, int groups = 1)
    {
        var value = Append(new Convolution(convolution, [input], filters, kernel, kernel, Window.Square(stride, padding), groups));
        return Append(new BatchNorm(norm, [value]));
    }

    /// <summary>A ReLU, up to a ceiling if one is given.</summary>
    public int Relu(int input, string name, float? ceiling = null) => Append(new Relu(name, [input], ceiling));

    /// <summary>A square window without padding but what its last position needs to reach beyond the edge (PyTorch's ceil_mode).</summary>
    internal Window RoundedUp(int input, int kernel, int stride)
    {
        var shape = new Graph(_nodes).ShapeOf(input);
        return new(stride, stride, 0, 0, Missing(shape.Height), Missing(shape.Width));

        int Missing(int extent) => (stride - ((extent - kernel) % stride)) % stride;
    }

    /// <summary>The finished graph.</summary>
    public Graph Build() => new(_nodes);
}
