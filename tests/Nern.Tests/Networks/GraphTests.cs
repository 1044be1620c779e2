using Nern.Networks;

namespace Nern.Tests.Networks;

public sealed class GraphTests
{
    private static readonly Input Start = new("input", new(3, 8, 8));

    [Fact]
    public void A_graph_knows_the_shapes_of_its_ends()
    {
        var graph = new Graph([Start, new GlobalAveragePool("pool", [0]), new Gemm("linear", [1], 7)]);

        Assert.Equal((new ImageShape(3, 8, 8), 7), (graph.InputShape, graph.Classes));
        Assert.Equal([new ImageShape(3, 1, 1)], graph.InputShapesOf(2));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void A_single_logit_tells_two_classes_apart_and_several_as_many_as_they_are(int logits, int classes)
    {
        var graph = new Graph([Start, new GlobalAveragePool("pool", [0]), new Gemm("linear", [1], logits)]);

        Assert.Equal((logits, classes), (graph.Logits, graph.Classes));
    }

    [Fact]
    public void The_nodes_are_copied()
    {
        var nodes = new List<Node> { Start, new Relu("relu", [0]) };
        var graph = new Graph(nodes);
        nodes.Clear();

        Assert.Equal(2, graph.Nodes.Count);
    }

    [Fact]
    public void What_is_no_network_is_refused_by_name()
    {
        Assert.Equal("A network needs an input and at least one operation.", Refused());
        Assert.Equal("A network needs an input and at least one operation.", Refused(Start));
        Assert.Contains("called 'relu'", Refused(Start, new Relu("relu", [0]), new Relu("relu", [1])));
        Assert.Equal("Node 'relu' is number 0: the first node, and no other, is the input.", Refused(new Relu("relu", [0])));
        Assert.Contains("Node 'again' is number 1", Refused(Start, new Input("again", new(3, 8, 8))));
        Assert.Equal("Node 'relu' does not follow its inputs.", Refused(Start, new Relu("relu", [1])));
        Assert.Equal("Node 'relu' does not follow its inputs.", Refused(Start, new Relu("relu", [-1])));
        Assert.Contains("Node 'relu' (Relu) cannot take 0 inputs", Refused(Start, new Relu("relu", [])));
        Assert.Contains("Node 'input' (Input) cannot take 1 inputs", Refused(Start with { Inputs = [5] }, new Relu("relu", [0])));
        Assert.Contains("Node 'input' (Input) has the impossible shape 3x0x8", Refused(Start with { Shape = new(3, 0, 8) }));
    }

    private static string Refused(params Node[] nodes) => Assert.Throws<NernException>(() => new Graph(nodes)).Message;
}
