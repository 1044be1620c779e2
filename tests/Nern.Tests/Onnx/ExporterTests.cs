using Nern.Networks;
using Nern.Onnx;
using Nern.OnnxModels;

namespace Nern.Tests.Onnx;

/// <summary>
/// What exporters write for the same thing, each against ONNX Runtime: 'a' is maps of 8 channels, 'y' scores of 8 classes or of 4.
/// </summary>
public sealed class ExporterTests
{
    private static readonly Dictionary<string, Func<ModelBuilder>> Models = new()
    {
        ["SiLU"] = () => Mean(Maps().Node("Sigmoid", ["a"], "s").Node("Mul", ["s", "a"], "m")),
        ["HardSwish of HardSigmoid"] = () => Mean(Maps().Node("HardSigmoid", ["a"], "h", ("alpha", 1 / 6f)).Node("Mul", ["a", "h"], "m")),
        ["HardSwish of Clip and Div"] = () => Mean(Six(Maps()).Node("Div", ["six", "c6"], "h").Node("Mul", ["a", "h"], "m")),
        ["HardSwish divided at the end"] = () => Mean(Six(Maps()).Node("Mul", ["a", "six"], "h").Node("Div", ["h", "c6"], "m")),
        ["HardSwish of Min and Max"] = () =>
            Mean(Maps().Floats("c0", [], 0).Floats("c3", [], 3).Floats("c6", [], 6).Node("Add", ["a", "c3"], "b")
            .Node("Max", ["b", "c0"], "c").Node("Min", ["c", "c6"], "six").Node("Div", ["six", "c6"], "h").Node("Mul", ["h", "a"], "m")),
        ["HardSigmoid"] = () => Mean(Maps().Node("HardSigmoid", ["a"], "m")),
        ["gate of another value"] = () =>
            Mean(Maps().Random("v", 8, 8, 1, 1).Node("Conv", ["a", "v"], "b").Node("Sigmoid", ["b"], "s").Node("Mul", ["a", "s"], "m")),
        ["squeeze and excite"] = () => Mean(Gate(Maps()).Node("Mul", ["a", "g"], "m")),
        ["squeeze and excite by Gemm"] = () =>
            Mean(Maps().Node("GlobalAveragePool", ["a"], "p").Integers("two", 0, -1).Node("Reshape", ["p", "two"], "f")
            .Random("v", 8, 8).Node("Gemm", ["f", "v"], "l", ("transB", 1)).Node("Sigmoid", ["l"], "s").Integers("four", 0, -1, 1, 1)
            .Node("Reshape", ["s", "four"], "g").Node("Mul", ["g", "a"], "m")),
        ["squeeze and excite, expanded"] = () =>
            Mean(Gate(Maps()).Node("Shape", ["a"], "shape").Node("Expand", ["g", "shape"], "e").Node("Mul", ["a", "e"], "m")),
        ["spatial attention"] = () =>
            Mean(Maps().Random("v", 1, 8, 1, 1).Node("Conv", ["a", "v"], "b").Node("Sigmoid", ["b"], "s").Node("Mul", ["a", "s"], "m")),
        ["Sum of three"] = () => Mean(Maps().Node("Relu", ["a"], "b").Node("Sigmoid", ["a"], "c").Node("Sum", ["a", "b", "c"], "m")),
        ["equal Split"] = () => Mean(Split(Maps(13), 13, null)),
        ["Split by attribute"] = () => Mean(Split(Maps(11), 11, [3, 5])),
        ["Split by input"] = () => Mean(Split(Maps(13), 13, [3, 5])),
        ["channel shuffle"] = () => Mean(Shuffled(Maps(), 5)),
        ["channel shuffle of four axes"] = () => Mean(Shuffled(Maps(), 4)),
        ["index"] = () => Indexed(Maps().Node("GlobalAveragePool", ["a"], "p"), "p"),
        ["index of maps"] = () => Indexed(Maps(), "a"),
        ["mean by mean"] = () =>
            Maps().Node("ReduceMean", ["a"], "b", ("axes", new[] { 3 }), ("keepdims", 0))
                .Node("ReduceMean", ["b"], "y", ("axes", new[] { -1 }), ("keepdims", 0)),
        ["mean of pixels"] = () =>
            Maps().Integers("s", 0, 8, -1).Node("Reshape", ["a", "s"], "b")
                .Node("ReduceMean", ["b"], "y", ("axes", new[] { 2 }), ("keepdims", 0)),
        ["rows only"] = () =>
            Maps().Node("ReduceMean", ["a"], "b", ("axes", new[] { 2 })).Node("Flatten", ["b"], "f").Random("l", 4, 64)
                .Node("Gemm", ["f", "l"], "y", ("transB", 1)),
        ["largest pixel"] = () => Maps().Node("GlobalMaxPool", ["a"], "p").Node("Flatten", ["p"], "y"),
        ["squeezed axis by axis"] = () =>
            Maps().Node("GlobalAveragePool", ["a"], "p").Integers("i", 3).Integers("j", 2).Node("Squeeze", ["p", "i"], "q")
                .Node("Squeeze", ["q", "j"], "y"),
        ["scalar bias"] = () => Mean(Maps(), "f").Random("l", 8, 4).Floats("b", [1], 0.5f).Node("Gemm", ["f", "l", "b"], "y"),
        ["no class scores beside"] = () => Mean(Maps().Node("Elu", ["a"], "unused"), "y"),
        ["channels last"] = () => ChannelsLast(new ModelBuilder(channels: 8, height: 8, width: 3).Integers("unused", 1)),
        ["channels last, normalised first"] = () =>
            ChannelsLast(new ModelBuilder(channels: 8, height: 8, width: 3).Floats("m", [3], 0.1f, 0.2f, 0.3f)
            .Node("Sub", ["x", "m"], "n"), "n"),
        ["the shape of another value"] = () =>
            Mean(Maps(), "f").Node("Relu", ["a"], "dead").Node("Shape", ["dead"], "d").Integers("i", 0).Integers("o", -1)
            .Node("Gather", ["d", "i"], "n").Node("Concat", ["n", "o"], "s", ("axis", 0)).Node("Reshape", ["f", "s"], "y"),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_exporters_write_agrees_with_ONNX_Runtime(string name)
    {
        var model = Models[name]().Model;
        model.Graph.Output[0] = ModelBuilder.Describe("y");
        model.Graph.Output[0].Type.TensorType.Shape = null;
        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(model);
        var network = OnnxFile.Read(bytes, "a.onnx");

        Runtime.AssertAgrees(bytes, network);
        Runtime.AssertAgrees(network.ToOnnx(), network);
    }

    [Theory]
    [InlineData("SiLU", typeof(Silu))]
    [InlineData("HardSwish of HardSigmoid", typeof(HardSwish))]
    [InlineData("HardSwish of Clip and Div", typeof(HardSwish))]
    [InlineData("HardSwish divided at the end", typeof(HardSwish))]
    public void Functions_that_are_written_as_several_nodes_are_one(string name, Type type)
    {
        var nodes = Models[name]().Read().Graph.Nodes;

        Assert.Equal([typeof(Input), typeof(Convolution), type, typeof(GlobalAveragePool), typeof(Flatten)],
            nodes.Select(node => node.GetType()));
    }

    [Fact]
    public void Nodes_may_be_in_any_order()
    {
        var builder = Models["squeeze and excite"]();
        var expected = OnnxFile.Read(builder.Bytes(), "a.onnx");
        var reversed = builder.Model.Graph.Node.Reverse().ToArray();
        builder.Model.Graph.Node.Clear();
        builder.Model.Graph.Node.AddRange(reversed);

        var network = OnnxFile.Read(builder.Bytes(), "a.onnx");

        Assert.Equal(expected.Graph.Nodes.Select(node => node.Name).Order(), network.Graph.Nodes.Select(node => node.Name).Order());
        float[] images = [.. Enumerable.Range(0, 2 * 192).Select(i => (i % 17) / 8f)];
        Assert.Equal(OnnxFixture.Logits(expected, images), OnnxFixture.Logits(network, images));
        Assert.Contains(
            "needs its own result", new ModelBuilder().Node("Add", ["x", "b"], "a").Node("Relu", ["a"], "b").Node("Relu", ["b"], "y")
                .Refused());
    }

    private static ModelBuilder Maps(int operatorSet = 13) =>
        new ModelBuilder(operatorSet: operatorSet).Random("w", 8, 3, 3, 3).Node("Conv", ["x", "w"], "a", ("pads", new[] { 1, 1, 1, 1 }));

    private static ModelBuilder Mean(ModelBuilder builder, string result = "y") => builder
        .Node("GlobalAveragePool", [builder.Model.Graph.Node.Any(node => node.Output.Contains("m")) ? "m" : "a"], $"{result}.p")
            .Node("Flatten", [$"{result}.p"], result);

    private static ModelBuilder Six(ModelBuilder builder) => builder.Floats("c0", [], 0).Floats("c3", [], 3).Floats("c6", [], 6)
        .Node("Add", ["a", "c3"], "b").Node("Clip", ["b", "c0", "c6"], "six");

    private static ModelBuilder Gate(ModelBuilder builder) =>
        builder.Random("v", 2, 8, 1, 1).Random("u", 8, 2, 1, 1).Node("GlobalAveragePool", ["a"], "p")
        .Node("Conv", ["p", "v"], "b").Node("Relu", ["b"], "c").Node("Conv", ["c", "u"], "d").Node("Sigmoid", ["d"], "g");

    private static ModelBuilder Split(ModelBuilder builder, int operatorSet, int[]? sizes)
    {
        var split = ModelBuilder.NodeOf(
            "Split", sizes is not null && operatorSet >= 13 ? ["a", "sizes"] : ["a"], "b",
            sizes is not null && operatorSet < 13 ? [("axis", 1), ("split", sizes)] : [("axis", 1)]);
        split.Output.Add("c");
        builder.Model.Graph.Node.Add(split);
        if (sizes is not null && operatorSet >= 13)
            builder.Integers("sizes", [.. sizes.Select(size => (long)size)]);
        return builder.Node("Relu", ["c"], "d").Node("Concat", ["d", "b"], "m", ("axis", 1));
    }

    private static ModelBuilder Shuffled(ModelBuilder builder, int rank) => builder
        .Integers("groups", rank == 5 ? [0, 4, 2, 8, 8] : [0, 4, 2, 64]).Integers("maps", 0, -1, 8, 8).Node("Reshape", ["a", "groups"], "g")
        .Node("Transpose", ["g"], "t", ("perm", rank == 5 ? new[] { 0, 2, 1, 3, 4 } : [0, 2, 1, 3])).Node("Reshape", ["t", "maps"], "m");

    private static ModelBuilder Indexed(ModelBuilder builder, string value)
    {
        builder.Model.Graph.Initializer.Add(ModelBuilder.Tensor("zero", [], new[] { 0L }));
        return builder.Node("Gather", [value, "zero"], "h", ("axis", 2)).Node("Gather", ["h", "zero"], "y", ("axis", 2));
    }

    /// <summary>As TensorFlow's exporters have it: images [N, H, W, C], flattened so too.</summary>
    private static ModelBuilder ChannelsLast(ModelBuilder builder, string images = "x") => builder
        .Node("Transpose", [images], "t", ("perm", new[] { 0, 3, 1, 2 })).Random("w", 5, 3, 3, 3).Node("Conv", ["t", "w"], "a")
            .Node("Relu", ["a"], "r")
        .Node("Transpose", ["r"], "b", ("perm", new[] { 0, 2, 3, 1 })).Integers("s", -1, 180).Node("Reshape", ["b", "s"], "f")
        .Random("l", 180, 4).Node("MatMul", ["f", "l"], "y");
}
