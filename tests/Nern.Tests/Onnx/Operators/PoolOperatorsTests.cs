using Nern.Networks;

namespace Nern.Tests.Onnx.Operators;

public sealed class PoolOperatorsTests
{
    [Theory]
    [InlineData("MaxPool", 0, PoolingKind.Maximum)]
    [InlineData("AveragePool", 0, PoolingKind.AverageWithoutPadding)]
    [InlineData("AveragePool", 1, PoolingKind.AverageWithPadding)]
    public void Pooling_is_of_its_kind(string type, int countsPadding, PoolingKind kind)
    {
        var network = new ModelBuilder().Node(
            type, ["x"], "y", ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 1 }), ("pads", new[] { 1, 0, 1, 1 }),
            ("count_include_pad", countsPadding)).Read();

        Assert.Equal(new Pool("y by " + type, network.Graph.Nodes[1].Inputs, kind, 3, 2, new Window(2, 1, 1, 0, 1, 1)),
            network.Graph.Nodes[1]);
    }

    [Fact]
    public void The_mean_of_all_pixels_is_one_however_it_is_said()
    {
        var nodes = new[]
        {
            new ModelBuilder().Node("GlobalAveragePool", ["x"], "y"),
            new ModelBuilder().Node("AveragePool", ["x"], "y", ("kernel_shape", new[] { 8, 8 }), ("strides", new[] { 8, 8 })),
            new ModelBuilder().Node("ReduceMean", ["x"], "y", ("axes", new[] { -1, 2 })),
            new ModelBuilder(operatorSet: 18).Integers("a", 2, 3).Node("ReduceMean", ["x", "a"], "y"),
        };

        Assert.All(nodes, builder => Assert.IsType<GlobalAveragePool>(Assert.Single(builder.Nodes())));
        var flat = new ModelBuilder().Node("ReduceMean", ["x"], "y", ("axes", new[] { 2, 3 }), ("keepdims", 0)).Read();
        Assert.Equal([typeof(Input), typeof(GlobalAveragePool), typeof(Flatten)], flat.Graph.Nodes.Select(node => node.GetType()));
    }

    [Fact]
    public void What_cannot_be_pooled_is_refused()
    {
        Refuses("has no kernel of two dimensions", "MaxPool");
        Refuses("has no kernel of two dimensions", "MaxPool", ("kernel_shape", new[] { 2 }));
        Refuses("leaves nothing of 3x8x8", "MaxPool", ("kernel_shape", new[] { 9, 1 }));
        Refuses("leaves nothing of 3x8x8", "MaxPool", ("kernel_shape", new[] { 0, 1 }));
        Refuses("the mean over the axes [C, H]; expected rows and columns", "ReduceMean", ("axes", new[] { 1, 2 }));
        Refuses("the mean over the axes [N, C, H, W]; expected rows and columns", "ReduceMean");
        Refuses(
            "counts its padding and rounds its size up", "AveragePool",
            ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1), ("count_include_pad", 1));

        static void Refuses(string message, string type, params (string, object)[] attributes) =>
            Assert.Contains(message, new ModelBuilder().Node(type, ["x"], "y", attributes).Refused());
    }
}
