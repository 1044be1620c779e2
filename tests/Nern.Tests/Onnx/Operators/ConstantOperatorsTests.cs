using Nern.Networks;

namespace Nern.Tests.Onnx.Operators;

/// <summary>What is computed while a model is read: added to a vector, it is seen as the bias.</summary>
public sealed class ConstantOperatorsTests
{
    [Fact]
    public void Shapes_are_put_together()
    {
        Folds([2, 3, 4, 5], b => b.Node("Shape", ["x"], "r"), image: (3, 4, 5));
        Folds([4, 5], b => b.Node("Shape", ["x"], "r", ("start", 2)), image: (3, 4, 5));
        Folds([3, 4], b => b.Node("Shape", ["x"], "r", ("start", -3), ("end", -1)), image: (3, 4, 5));
        Folds([2, 60], b => b.Node("Shape", ["flat"], "r"), image: (3, 4, 5));
        Folds([3], b => b.Integers("c", 7, 8, 9).Node("Shape", ["c"], "r"));
        Folds(
            [2, 20, -1],
            b => b.Node("Shape", ["x"], "s").Integers("first", 0).Integers("rows", 2).Integers("one", -1)
                .Node("Gather", ["s", "first"], "n").Node("Gather", ["s", "rows"], "h").Node("Gather", ["s", "one"], "w")
                .Node("Mul", ["h", "w"], "hw").Node("Concat", ["n", "hw", "one"], "r", ("axis", 0)),
            image: (3, 4, 5));
    }

    [Fact]
    public void Lists_are_picked_joined_and_cut()
    {
        Folds([9, 7, 7], b => b.Integers("c", 7, 8, 9).Integers("i", -1, 0, -3).Node("Gather", ["c", "i"], "r", ("axis", 0)));
        Folds([1, 2, 3, 0.5], b => b.Integers("a", 1, 2).Floats("b", [2], 3, 0.5f).Node("Concat", ["a", "b"], "r", ("axis", 0)));
        Folds([8, 9], b => Slice(b.Integers("c", 7, 8, 9), [1], [long.MaxValue], [0], [1]));
        Folds([7, 8], b => Slice(b.Integers("c", 7, 8, 9), [0], [-1], [-1], [1]));
        Folds([9, 8, 7], b => Slice(b.Integers("c", 7, 8, 9), [-1], [long.MinValue], [0], [-1]));
        Folds([9, 7], b => Slice(b.Integers("c", 7, 8, 9), [2], [-4], [0], [-2]));
        Folds([8], b => Slice(b.Integers("c", 7, 8, 9), [-2], [0], [0], [-1]));
        Folds([7], b => Slice(b.Integers("c", 7, 8, 9), [0], [3], [0], [long.MaxValue]));
        Folds([9], b => Slice(b.Integers("c", 7, 8, 9), [9], [-9], [0], [long.MinValue]));
        // Rows backwards, then every second column: [[1, 2, 3], [4, 5, 6]] becomes [[4, 6], [1, 3]].
        Folds([4, 6, 1, 3], b =>
            Slice(b.Floats("c", [2, 3], 1, 2, 3, 4, 5, 6), [1, 0], [-9, 3], [0, 1], [-1, 2], "cut").Node("Reshape", ["cut", "all"], "r"));
    }

    [Fact]
    public void Matrices_are_turned_and_reshaped()
    {
        Folds([1, 4, 2, 5, 3, 6], b =>
            b.Floats("c", [2, 3], 1, 2, 3, 4, 5, 6).Node("Transpose", ["c"], "t").Node("Reshape", ["t", "all"], "r"));
        Folds(
            [0, 4, 2, 6, 1, 5, 3, 7],
            b => b.Floats("c", [2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7).Node("Transpose", ["c"], "t").Node("Reshape", ["t", "all"], "r"));
        Folds(
            [0, 1, 4, 5, 2, 3, 6, 7],
            b =>
                b.Floats("c", [2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7).Node("Transpose", ["c"], "t", ("perm", new[] { 1, 0, 2 }))
                    .Node("Reshape", ["t", "all"], "r"));
        Folds([1, 2, 1, 3], b => b.Floats("c", [2, 1, 3], 1, 2, 3, 4, 5, 6).Integers("a", 0, 0, -1, 1).Integers("u", 0)
            .Node("Unsqueeze", ["c", "u"], "four").Node("Squeeze", ["four", "u"], "three").Integers("s", 1, 0, 1, -1)
            .Node("Transpose", ["three"], "t", ("perm", new[] { 1, 0, 2 })).Node("Unsqueeze", ["t", "two"], "r4")
                .Node("Shape", ["r4"], "r").Integers("two", 2));
    }

    [Fact]
    public void Numbers_are_computed()
    {
        Folds([11, 22], b => b.Integers("a", 1, 2).Integers("b", 10, 20).Node("Add", ["a", "b"], "r"));
        Folds([9, 8], b => b.Integers("a", 1, 2).Integers("b", 10).Node("Sub", ["b", "a"], "r"));
        Folds([-3, 3], b => b.Integers("a", -7, 7).Integers("b", 2).Node("Div", ["a", "b"], "r"));
        Folds([3.5], b => b.Floats("a", [1], 7).Floats("b", [], 2).Node("Div", ["a", "b"], "r"));
        Folds([-4, 3], b => b.Floats("a", [2], -3.5f, 3.5f).Node("Floor", ["a"], "r"));
        Folds([-3, 4], b => b.Floats("a", [2], -3.5f, 3.5f).Node("Ceil", ["a"], "r"));
        Folds([3, 1.5], b => b.Floats("a", [2], 9, 2.25f).Node("Sqrt", ["a"], "r"));
        Folds([-3, 3], b => b.Floats("a", [2], -3.9f, 3.9f).Node("Cast", ["a"], "r", ("to", 7)));
        Folds([0.5], b => b.Integers("a", 1).Node("Cast", ["a"], "f", ("to", 1)).Floats("two", [], 2).Node("Div", ["f", "two"], "r"));
    }

    [Fact]
    public void Constants_are_of_every_kind()
    {
        Folds([5], b => b.Node("Constant", [], "r", ("value_int", 5)));
        Folds([5, 6], b => b.Node("Constant", [], "r", ("value_ints", new[] { 5, 6 })));
        Folds([0.5], b => b.Node("Constant", [], "r", ("value_float", 0.5f)));
        Folds([0.5, 2], b => b.Node("Constant", [], "r", ("value_floats", new[] { 0.5f, 2 })));
        Folds([4, 3], b => b.Node("Constant", [], "r", ("value", ModelBuilder.Tensor("", [2], new[] { 4, 3 }))));
        Folds([0.25, 4], b => b.Node("Constant", [], "r", ("value", ModelBuilder.Tensor("", [2], new[] { 0.25, 4 }))));
        Folds([0, 0, 0], b => b.Integers("n", 3).Node("ConstantOfShape", ["n"], "r"));
        Folds([7, 7], b =>
            b.Integers("n", 2).Node("ConstantOfShape", ["n"], "r", ("value", ModelBuilder.Tensor("", [1], new long[] { 7 }))));
    }

    [Theory]
    [InlineData("Div", new long[] { 1 }, new long[] { 0 }, "divides by 0")]
    [InlineData("Add", new long[] { 1, 2 }, new long[] { 1, 2, 3 }, "combines constants [2] and [3]")]
    [InlineData("Add", new long[] { 1 }, new long[0], "combines")]
    [InlineData("Div", new[] { long.MinValue }, new long[] { -1 }, "overflow")]
    [InlineData("Gather", new long[] { 1, 2 }, new long[] { 2 }, "picks the element 2 of 2")]
    [InlineData("Gather", new long[] { 1, 2 }, new long[] { -3 }, "picks the element -3 of 2")]
    [InlineData("Reshape", new long[] { 1, 2 }, new long[] { 3, -1 }, "makes [3, 0] of [2]")]
    [InlineData("Reshape", new long[] { 1, 2 }, new long[] { -1, -1 }, "")]
    [InlineData("Reshape", new long[] { 1 }, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, "makes")]
    [InlineData("Unsqueeze", new long[] { 1 }, new long[] { 0, 0 }, "names an axis twice")]
    [InlineData("Unsqueeze", new long[] { 1 }, new long[] { 2 }, "names the axis 2 of 2")]
    [InlineData("ConstantOfShape", new long[] { 1 << 20, 2 }, new long[0], "more than can be computed beforehand")]
    [InlineData("ConstantOfShape", new[] { 1L << 28, 1 << 28, 1 << 28, 1 << 28, 1 << 28 }, new long[0], "more than can be computed beforehand")]
    [InlineData("ConstantOfShape", new long[] { -1 }, new long[0], "has the impossible extent -1")]
    public void What_cannot_be_computed_is_refused(string type, long[] first, long[] second, string message)
    {
        string[] inputs = type == "ConstantOfShape" ? ["a"] : ["a", "b"];
        Assert.Contains(message, Model(2, (1, 1, 1), b => b.Integers("a", first).Integers("b", second).Node(type, inputs, "r")).Refused());
    }

    [Fact]
    public void An_axis_that_is_cut_twice_is_refused() => Assert.Contains(
        "names an axis twice", Model(2, (1, 1, 2), b => Slice(b.Integers("c", 7, 8, 9), [0, 1], [3, 3], [0, -1], [1, 1])).Refused());

    [Fact]
    public void Constants_are_not_gone_through_again_and_again()
    {
        var builder = new ModelBuilder(1, 1, 1).Floats("w", [1 << 20, 1, 1, 1], new float[1 << 20]).Node("Conv", ["x", "w"], "0")
            .Floats("two", [], 2);
        for (var i = 0; i < 40; i++)
            builder.Node("Mul", [$"{i}", "two"], i == 39 ? "y" : $"{i + 1}");

        Assert.Contains("needs more memory than a model of this size should", builder.Refused());
    }

    private static ModelBuilder Slice(ModelBuilder builder, long[] starts, long[] ends, long[] axes, long[] steps, string output = "r") =>
        builder.Integers("starts", starts).Integers("ends", ends).Integers("axes", axes).Integers("steps", steps)
            .Node("Slice", ["c", "starts", "ends", "axes", "steps"], output);

    private static void Folds(double[] expected, Func<ModelBuilder, ModelBuilder> compute,
        (int Channels, int Height, int Width)? image = null)
    {
        var network = Model(expected.Length, image ?? (2, 1, 1), compute).Read();

        var bias = network.Values(network.Graph.Nodes.OfType<ChannelAffine>().Single().Name + ".bias");
        Assert.Equal(expected.Select(value => (float)value), expected.Length > 1 ? bias : bias[..1]);
    }

    // The constant 'r' of so many elements is added to a vector of so many.
    private static ModelBuilder Model(int count, (int Channels, int Height, int Width) image, Func<ModelBuilder, ModelBuilder> compute)
    {
        var features = image.Channels * image.Height * image.Width;
        return compute(
                new ModelBuilder(image.Channels, image.Height, image.Width, batch: 2).Integers("all", -1)
                    .Node("Flatten", ["x"], "flat").Weights("matrix", count, features).Weights("zero", count)
                    .Node("Gemm", ["flat", "matrix", "zero"], "v", ("transB", 1)))
            .Node("Add", ["v", "r"], "y");
    }
}
