using Nern.Networks;

namespace Nern.Tests.Onnx.Operators;

public sealed class LayerOperatorsTests
{
    [Fact]
    public void Layers_are_named_by_their_weights()
    {
        var network = new ModelBuilder().Weights("stem.weight", 4, 3, 1, 1).Weights("w2", 4, 4, 1, 1)
            .Node("Conv", ["x", "stem.weight"], "a").Node("Conv", ["a", "w2"], "y").Read();

        Assert.Equal(["input", "stem", "w2", "scores by Flatten"], network.Graph.Nodes.Select(node => node.Name));
        Assert.Equal(["stem.weight", "w2.weight"], network.Tensors.Keys);
    }

    [Fact]
    public void A_convolution_says_all_that_it_does()
    {
        var network = new ModelBuilder(4, 9, 9).Weights("w", 6, 2, 3, 2).Weights("b", 6).Node(
            "Conv", ["x", "w", "b"], "y", ("group", 2), ("strides", new[] { 2, 1 }), ("pads", new[] { 1, 0, 2, 3 }),
            ("dilations", new[] { 1, 2 })).Read();

        var convolution = Assert.IsType<Convolution>(network.Graph.Nodes[1]);
        Assert.Equal((6, 3, 2, 2, true),
            (convolution.Filters, convolution.KernelHeight, convolution.KernelWidth, convolution.Groups, convolution.HasBias));
        Assert.Equal(new Window(2, 1, 1, 0, 2, 3, 1, 2), convolution.Window);
        Assert.Equal([1 / 16f, 2 / 16f], network.Values("w.bias")[..2]);
    }

    [Fact]
    public void A_matrix_product_and_a_sum_are_a_layer_with_bias()
    {
        var network = Flat().Weights("w", 2, 3).Weights("b", 3).Node("MatMul", ["v", "w"], "m").Node("Add", ["b", "m"], "y").Read();

        Assert.Equal((3, true), Assert.IsType<Gemm>(network.Graph.Nodes[^1]) is var gemm ? (gemm.Outputs, gemm.HasBias) : default);
        Assert.Equal([1 / 16f, 4 / 16f, 2 / 16f, 5 / 16f, 3 / 16f, 6 / 16f], network.Values("w.weight"));
        Assert.Equal([1 / 16f, 2 / 16f, 3 / 16f], network.Values("w.bias"));
    }

    [Fact]
    public void A_sum_behind_a_product_that_is_read_elsewhere_stays()
    {
        var network = Flat().Weights("w", 2, 3).Weights("b", 3)
            .Node("MatMul", ["v", "w"], "m").Node("Add", ["b", "m"], "s").Node("Add", ["s", "m"], "y").Read();

        Assert.Equal([typeof(Gemm), typeof(ChannelAffine), typeof(Add)], network.Graph.Nodes.Skip(2).Select(node => node.GetType()));
    }

    [Theory]
    [InlineData("alpha", 2f)]
    [InlineData("beta", 0.5f)]
    [InlineData("transA", 1)]
    public void Products_that_do_more_are_refused(string attribute, object value) => Assert.Contains(
        "expected alpha 1, beta 1 and transA 0",
        Flat().Weights("w", 2, 3).Weights("b", 3).Node("Gemm", ["v", "w", "b"], "y", (attribute, value)).Refused());

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        Refuses("expected four dimensions, a 2-D convolution", Conv([2, 3, 3]));
        Refuses("has weights for 2 channels in 1 groups; its input is 3x8x8", Conv([4, 2, 1, 1]));
        Refuses("has weights for 1 channels in 0 groups", Conv([4, 1, 1, 1], ("group", 0)));
        Refuses("leaves nothing of 3x8x8", Conv([4, 3, 9, 9]));
        Refuses("has 4 filters of 1x1 in 3 groups, which does not fit 3x8x8", Conv([4, 1, 1, 1], ("group", 3)));
        Refuses("has weights [3, 5] for an input of 2x1x1; expected a matrix and a vector", Flat().Weights("w", 5, 3)
            .Node("MatMul", ["v", "w"], "y"));
        Refuses("expected a matrix", Flat().Weights("w", 2).Node("MatMul", ["v", "w"], "y"));
        Refuses("has parameters of the shape [2]; expected [4]", new ModelBuilder().Weights("w", 4, 3, 1, 1).Weights("b", 2)
            .Node("Conv", ["x", "w", "b"], "y"));
        Refuses("shares its kernels 'w' with another convolution", new ModelBuilder().Weights("w", 3, 3, 1, 1)
            .Node("Conv", ["x", "w"], "a").Node("Conv", ["a", "w"], "y"));
        Refuses("needs its input 1 to be a constant", new ModelBuilder().Node("Conv", ["x", "x"], "y"));

        static ModelBuilder Conv(long[] shape, params (string, object)[] attributes) =>
            new ModelBuilder().Weights("w", shape).Node("Conv", ["x", "w"], "y", attributes);

        static void Refuses(string message, ModelBuilder builder) => Assert.Contains(message, builder.Refused());
    }

    private static ModelBuilder Flat() => new ModelBuilder(2, 1, 1).Node("Flatten", ["x"], "v");
}
