using Nern.Networks;

namespace Nern.Tests.Onnx.Operators;

public sealed class ElementwiseOperatorsTests
{
    [Fact]
    public void Bounds_are_inputs_or_attributes_and_make_a_relu_of_a_clip()
    {
        Assert.Equal(6f, Assert.IsType<Relu>(Clip([0, 6]).Graph.Nodes[1]).Ceiling);
        Assert.Null(Assert.IsType<Relu>(Clip([0, float.PositiveInfinity]).Graph.Nodes[1]).Ceiling);
        Assert.Equal((-1f, 2f), Bounds(Clip([-1, 2])));
        Assert.Equal((float.MinValue, 2f), Bounds(new ModelBuilder().Floats("max", [], 2).Node("Clip", ["x", "", "max"], "y").Read()));
        Assert.Equal((-1f, float.MaxValue), Bounds(new ModelBuilder(operatorSet: 9).Node("Clip", ["x"], "y", ("min", -1f)).Read()));
        Assert.Equal(6f, Assert.IsType<Relu>(
            new ModelBuilder(operatorSet: 9).Node("Clip", ["x"], "y", ("min", 0f), ("max", 6f)).Read().Graph.Nodes[1]).Ceiling);

        static Network Clip(float[] bounds) =>
            new ModelBuilder().Floats("min", [], bounds[0]).Floats("max", [], bounds[1]).Node("Clip", ["x", "min", "max"], "y").Read();
        static (float, float) Bounds(Network network) =>
            Assert.IsType<Clip>(network.Graph.Nodes[1]) is var clip ? (clip.Minimum, clip.Maximum) : default;
    }

    [Theory]
    [InlineData("Add", true, new[] { 1f, 1, 1 }, new[] { 2f, 4, 8 })]
    [InlineData("Add", false, new[] { 1f, 1, 1 }, new[] { 2f, 4, 8 })]
    [InlineData("Sub", true, new[] { 1f, 1, 1 }, new[] { -2f, -4, -8 })]
    [InlineData("Sub", false, new[] { -1f, -1, -1 }, new[] { 2f, 4, 8 })]
    [InlineData("Mul", true, new[] { 2f, 4, 8 }, new[] { 0f, 0, 0 })]
    [InlineData("Mul", false, new[] { 2f, 4, 8 }, new[] { 0f, 0, 0 })]
    [InlineData("Div", true, new[] { 0.5f, 0.25f, 0.125f }, new[] { 0f, 0, 0 })]
    public void A_number_a_channel_is_a_factor_and_a_summand(string type, bool valueFirst, float[] factors, float[] summands)
    {
        foreach (var shape in new long[][] { [3, 1, 1], [1, 3, 1, 1] })
        {
            var network = new ModelBuilder().Floats("c", shape, 2, 4, 8).Node(type, valueFirst ? ["x", "c"] : ["c", "x"], "y").Read();
            var name = Assert.IsType<ChannelAffine>(network.Graph.Nodes[1]).Name;

            Assert.Equal(factors, network.Values($"{name}.weight"));
            Assert.Equal(summands, network.Values($"{name}.bias"));
        }
    }

    [Fact]
    public void One_number_is_for_all_channels()
    {
        var network = new ModelBuilder().Floats("c", [1, 1], 2).Node("Mul", ["x", "c"], "y").Read();

        Assert.Equal([2f, 2, 2], network.Values(network.Graph.Nodes[1].Name + ".weight"));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refuses("expected one number, or one a channel", new ModelBuilder().Weights("c", 3).Node("Mul", ["x", "c"], "y"));
        Refuses("expected one number, or one a channel", new ModelBuilder().Weights("c", 4, 1, 1).Node("Mul", ["x", "c"], "y"));
        Refuses("expected one number, or one a channel", new ModelBuilder().Weights("c", 3, 8, 1).Node("Mul", ["x", "c"], "y"));
        Refuses("divides a constant by a value", new ModelBuilder().Weights("c", 3, 1, 1).Node("Div", ["c", "x"], "y"));
        Refuses("cannot add 3x8x8 and 3x1x1", new ModelBuilder().Node("GlobalAveragePool", ["x"], "p").Node("Add", ["x", "p"], "y"));
        Refuses("joins along the axis 2; expected the channels", new ModelBuilder().Node("Concat", ["x", "x"], "y", ("axis", 2)));
        Refuses("cannot multiply 3x8x8 and 2x1x1", new ModelBuilder().Node("GlobalAveragePool", ["x"], "p")
            .Weights("w", 2, 3, 1, 1).Node("Conv", ["p", "w"], "g").Node("Mul", ["x", "g"], "y"));
        Refuses("has the impossible bounds 2 and 1", new ModelBuilder().Floats("a", [], 2).Floats("b", [], 1)
            .Node("Clip", ["x", "a", "b"], "y"));
        Refuses("where one number is expected", new ModelBuilder().Floats("a", [2], 2, 1).Node("Clip", ["x", "a"], "y"));

        static void Refuses(string message, ModelBuilder builder) => Assert.Contains(message, builder.Refused());
    }
}
