using Nern.Networks;

namespace Nern.Tests.Networks;

public sealed class NodeTests
{
    private static readonly ImageShape Image = new(6, 9, 12);

    [Theory]
    [InlineData(3, 3, 1, 1, 1, 9, 12)]
    [InlineData(3, 3, 2, 1, 1, 5, 6)]
    [InlineData(1, 1, 2, 0, 1, 5, 6)]
    [InlineData(1, 3, 1, 0, 1, 9, 10)]
    [InlineData(5, 3, 1, 2, 1, 9, 14)]
    [InlineData(3, 3, 1, 0, 2, 5, 8)]
    [InlineData(3, 3, 3, 2, 4, 2, 3)]
    [InlineData(9, 12, 1, 0, 1, 1, 1)]
    public void Convolutions_infer_what_their_windows_leave(
        int height, int width, int stride, int padding, int dilation, int rows, int columns)
    {
        var window = Window.Square(stride, padding) with { DilationY = dilation, DilationX = dilation };

        Assert.Equal(new ImageShape(8, rows, columns), Infer(Image, new Convolution("c", [0], 8, height, width, window)));
        Assert.Equal(new ImageShape(6, rows, columns), Infer(Image, new Pool("p", [0], PoolingKind.Maximum, height, width, window)));
    }

    [Fact]
    public void Padding_may_differ_on_every_side()
    {
        var window = new Window(2, 3, Top: 0, Left: 1, Bottom: 1, Right: 2);

        // (9 + 1 - 3) / 2 + 1 and (12 + 3 - 2) / 3 + 1.
        Assert.Equal(new ImageShape(6, 4, 5), Infer(Image, new Pool("p", [0], PoolingKind.Maximum, 3, 2, window)));
    }

    [Fact]
    public void Other_nodes_infer_their_shapes()
    {
        Assert.Equal(Image, Infer(Image, new BatchNorm("n", [0])));
        Assert.Equal(Image, Infer(Image, new Relu("n", [0])));
        Assert.Equal(Image, Infer(Image, new Add("n", [0, 0])));
        Assert.Equal(new ImageShape(18, 9, 12), Infer(Image, new Concat("n", [0, 0, 0])));
        Assert.Equal(new ImageShape(6, 1, 1), Infer(Image, new GlobalAveragePool("n", [0])));
        Assert.Equal(new ImageShape(648, 1, 1), Infer(Image, new Flatten("n", [0])));
        Assert.Equal(new ImageShape(10, 1, 1), Infer(new(5, 1, 1), new Gemm("n", [0], 10)));
        Assert.Equal(new ImageShape(6, 5, 6), Infer(Image, new Subsample("n", [0], 2)));
        Assert.Equal(new ImageShape(6, 3, 3), Infer(Image, new Subsample("n", [0], 4)));
        Assert.Equal(new ImageShape(11, 9, 12), Infer(Image, new PadChannels("n", [0], 2, 3)));
    }

    [Fact]
    public void Parameters_are_named_and_shaped_as_PyTorch_does()
    {
        var grouped = new Convolution("n", [0], 8, 5, 3, Window.Square(1, 2), Groups: 2, HasBias: true);
        Assert.Equal(["n.weight [8, 2, 5, 3]", "n.bias [8]"], Parameters(grouped, 4));
        Assert.Equal(["n.weight [8, 4, 1, 1]"], Parameters(new Convolution("n", [0], 8, 1, 1, Window.Square(1, 0)), 4));
        Assert.Equal(["n.weight [4]", "n.bias [4]", "n.running_mean [4]", "n.running_var [4]"], Parameters(new BatchNorm("n", [0]), 4));
        Assert.Empty(Parameters(new Relu("n", [0]), 4));

        var builder = new GraphBuilder(new(7, 1, 1));
        builder.Append(new Gemm("with", [0], 3));
        builder.Append(new Gemm("without", [1], 2, HasBias: false));
        Assert.Equal(["with.weight [3, 7]", "with.bias [3]", "without.weight [2, 3]"], Parameters(builder.Build()));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var square = Window.Square(1, 0);

        Refuses("0 filters of 3x3 in 1 groups", new Convolution("odd", [0], 0, 3, 3, square));
        Refuses("in 4 groups, which does not fit 6x9x12", new Convolution("odd", [0], 8, 3, 3, square, Groups: 4));
        Refuses("in 3 groups", new Convolution("odd", [0], 8, 3, 3, square, Groups: 3));
        Refuses("leaves nothing of 6x9x12", new Convolution("odd", [0], 8, 10, 3, square));
        Refuses("leaves nothing", new Convolution("odd", [0], 8, 3, 3, square with { StrideX = 0 }));
        Refuses("leaves nothing", new Convolution("odd", [0], 8, 3, 3, square with { Left = -1 }));
        Refuses("leaves nothing", new Pool("odd", [0], PoolingKind.Maximum, 2, 2, square with { DilationY = 0 }));
        // 65536 times 65536 does not fit 32 bits.
        Refuses("leaves nothing", new Pool("odd", [0], PoolingKind.Maximum, 65537, 1, square with { DilationY = 65536 }));
        Refuses("leaves nothing", new Pool("odd", [0], PoolingKind.Maximum, 1, 1, square with { Top = int.MaxValue, Bottom = 99 }));
        Refuses("cannot take 1 inputs", new Add("odd", [0]));
        Refuses("cannot take 1 inputs", new Concat("odd", [0]));
        Refuses("cannot take 2 inputs", new Relu("odd", [0, 0]));
        Refuses("needs a vector; got 6x9x12", new Gemm("odd", [0], 10));
        Refuses("impossible stride 0", new Subsample("odd", [0], 0));
        Refuses("cannot add -1 and 2 channels", new PadChannels("odd", [0], -1, 2));
        Refuses("channels", new PadChannels("odd", [0], int.MaxValue, int.MaxValue));
        Refuses("more than can be held", new PadChannels("odd", [0], 1 << 30, 0));

        static void Refuses(string message, Node node)
        {
            var found = Assert.Throws<NernException>(() => Infer(Image, node)).Message;
            Assert.StartsWith($"Node 'odd' ({node.GetType().Name}) ", found);
            Assert.Contains(message, found);
        }
    }

    [Fact]
    public void Values_of_different_shapes_are_neither_added_nor_joined()
    {
        Assert.Equal("Node 'odd' (Add) cannot add 6x9x12 and 6x5x6.", Refused(half => new Add("odd", [0, half])));
        Assert.Equal("Node 'odd' (Concat) cannot join 6x9x12 and 6x5x6.", Refused(half => new Concat("odd", [0, half])));

        static string Refused(Func<int, Node> node)
        {
            var builder = new GraphBuilder(Image);
            builder.Append(node(builder.Append(new Subsample("half", [0], 2))));
            return Assert.Throws<NernException>(builder.Build).Message;
        }
    }

    private static ImageShape Infer(ImageShape input, Node node)
    {
        var builder = new GraphBuilder(input);
        var last = builder.Append(node);
        return builder.Build().ShapeOf(last);
    }

    private static string[] Parameters(Node node, int channels)
    {
        var builder = new GraphBuilder(new(channels, 9, 9));
        builder.Append(node);
        return Parameters(builder.Build());
    }

    private static string[] Parameters(Graph graph) => [.. graph.Parameters.Select(p => $"{p.Name} [{string.Join(", ", p.Shape)}]")];
}
