namespace Nern.Networks;

/// <summary>
/// The architecture of a network as data: nodes in an order in which every node follows its inputs. The first is the
/// <see cref="Input"/>, the last yields the logits. Shapes are inferred, and everything is checked, when it is made.
/// </summary>
public sealed class Graph
{
    private readonly ImageShape[] _shapes;

    /// <summary>Checks <paramref name="nodes"/> and infers their shapes.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="endsInFeatures">Whether what comes out is features instead of class scores.</param>
    /// <exception cref="NernException">The nodes do not form a network; the message names the node.</exception>
    public Graph(IReadOnlyList<Node> nodes, bool endsInFeatures = false)
    {
        EndsInFeatures = endsInFeatures;
        Nodes = [.. nodes];
        _shapes = new ImageShape[Nodes.Count];
        var names = new HashSet<string>();
        for (var i = 0; i < Nodes.Count; i++)
        {
            var node = Nodes[i];
            if (!names.Add(node.Name))
                throw new NernException($"Two nodes of the network are called '{node.Name}'.");
            if (node is Input != (i == 0))
                throw new NernException($"Node '{node.Name}' is number {i}: the first node, and no other, is the input.");
            if (!node.Takes(node.Inputs.Count))
                throw new NernException($"Node '{node.Name}' ({node.GetType().Name}) cannot take {node.Inputs.Count} inputs.");
            if (node.Inputs.Any(input => input < 0 || input >= i))
                throw new NernException($"Node '{node.Name}' does not follow its inputs.");
            var shape = node.Infer([.. node.Inputs.Select(input => _shapes[input])]);
            if ((double)shape.Channels * shape.Height * shape.Width > Array.MaxLength)
                throw new NernException($"Node '{node.Name}' ({node.GetType().Name}) yields {shape}, which is more than can be held.");
            _shapes[i] = shape;
        }
        if (Nodes.Count < 2)
            throw new NernException("A network needs an input and at least one operation.");
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The shape of one image.</summary>
    public ImageShape InputShape => _shapes[0];

    /// <summary>
    /// Whether what comes out is features, such as a classifier of one's own takes, instead of logits. They tell no classes apart; two networks are
    /// compared by their direction and length (<c>FeatureAgreement</c>).
    /// </summary>
    public bool EndsInFeatures { get; }

    /// <summary>The number of logits, or of features: the values that come out for an image.</summary>
    public int Logits => _shapes[^1].Count;

    /// <summary>The number of classes that are told apart: one a logit, but two where there is a single logit.</summary>
    public int Classes => ClassesOf(Logits);

    /// <summary>The shape of a node's value, one sample of it.</summary>
    public ImageShape ShapeOf(int node) => _shapes[node];

    /// <summary>The shapes of a node's inputs.</summary>
    public IReadOnlyList<ImageShape> InputShapesOf(int node) => [.. Nodes[node].Inputs.Select(input => _shapes[input])];

    /// <summary>Names and shapes of all parameters, in the order of the nodes.</summary>
    public IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [.. Enumerable.Range(0, Nodes.Count)
            .SelectMany(i => Nodes[i].Parameters(InputShapesOf(i)).Select(p => ($"{Nodes[i].Name}.{p.Suffix}", p.Shape)))];

    /// <summary>The classes that so many logits tell apart.</summary>
    internal static int ClassesOf(int logits) => logits == 1 ? 2 : logits;

    /// <summary>The same network with other names for some nodes.</summary>
    /// <param name="names">New names by the names that nodes have here.</param>
    /// <exception cref="NernException">Two nodes would have the same name.</exception>
    internal Graph Renamed(IReadOnlyDictionary<string, string> names) =>
        names.Count == 0 ? this : new(
            [.. Nodes.Select(node => names.TryGetValue(node.Name, out var name) ? node with { Name = name } : node)], EndsInFeatures);
}
