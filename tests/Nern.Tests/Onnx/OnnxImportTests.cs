using Nern.Networks;
using Nern.Onnx;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Tests.Onnx;

public sealed class OnnxImportTests
{
    [Fact]
    public void All_nodes_that_cannot_be_run_are_named_at_once()
    {
        var message = new ModelBuilder()
            .Weights("w", 4, 3, 3, 3)
            .Node("Conv", ["x", "w"], "a")
            .Node("Elu", ["a"], "b")
            .Node("Conv", ["b", "w"], "c")
            .Node("Einsum", ["c"], "d")
            .Node("MaxPool", ["a"], "e", ("kernel_shape", new[] { 2, 2, 2 }))
            .Node("Concat", ["d", "e"], "f")
            .Node("Elu", ["f"], "g")
            .Node("LayerNormalization", ["g"], "y").Refused();

        Assert.Equal(
            "'a.onnx' has 5 nodes that cannot be run: Elu is not supported ('b by Elu', 'g by Elu'); Einsum is not supported ('d by Einsum'); "
            + "MaxPool has no kernel of two dimensions ('e by MaxPool'); LayerNormalization is not supported ('y by LayerNormalization').",
            message);
    }

    [Fact]
    public void Of_very_many_nodes_the_first_are_named()
    {
        var builder = new ModelBuilder();
        for (var i = 0; i < 1100; i++)
            builder.Node("Elu", [i == 0 ? "x" : $"{i}"], i == 1099 ? "y" : $"{i + 1}");

        Assert.Equal("'a.onnx' has 1100 nodes that cannot be run: Elu is not supported ('1 by Elu', '2 by Elu', '3 by Elu' and 1097 more).",
            builder.Refused());
    }

    [Fact]
    public void Operators_of_other_domains_are_named_with_them()
    {
        var builder = new ModelBuilder().Node("Relu", ["x"], "y");
        builder.Model.Graph.Node[0].Domain = "com.example";

        Assert.Equal("'a.onnx' has 1 node that cannot be run: com.example.Relu is not supported ('y by Relu').", builder.Refused());
    }

    [Fact]
    public void Softmax_is_left_out_at_the_end_and_refused_elsewhere()
    {
        var last = Pooled().Node("Softmax", ["p"], "s", ("axis", 1)).Node("Reshape", ["s", "shape"], "y").Integers("shape", -1, 3).Read();
        Assert.IsType<GlobalAveragePool>(last.Graph.Nodes[^1]);

        Assert.Contains(
            "Relu follows a Softmax or ArgMax, which is supported at the end only ('y by Relu')",
            Pooled().Node("Softmax", ["p"], "s", ("axis", 1)).Node("Relu", ["s"], "y").Refused());
        Assert.Contains("is over the axes [H] of", Pooled().Node("Softmax", ["p"], "y", ("axis", 2)).Refused());
        Assert.Contains("is over the axes [W] of", Pooled().Node("Softmax", ["p"], "y").Refused());
    }

    public static TheoryData<string> Endings => ["none", "Identity", "Cast", "Dropout", "Flatten", "Reshape", "Squeeze", "vector"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void The_sigmoid_of_a_single_score_is_left_out_at_the_end_and_stays_in_the_model(string ending)
    {
        var builder = Scored(1);
        _ = ending switch
        {
            "none" => builder.Node("Sigmoid", ["p"], "y"),
            "vector" => builder.Node("Flatten", ["p"], "f").Node("Sigmoid", ["f"], "s").Node("Identity", ["s"], "y"),
            "Cast" => builder.Node("Sigmoid", ["p"], "s").Node("Cast", ["s"], "y", ("to", 1)),
            "Reshape" => builder.Node("Sigmoid", ["p"], "s").Integers("shape", -1, 1).Node("Reshape", ["s", "shape"], "y"),
            "Squeeze" => builder.Node("Sigmoid", ["p"], "s").Integers("axes", 2, 3).Node("Squeeze", ["s", "axes"], "y"),
            _ => builder.Node("Sigmoid", ["p"], "s").Node(ending, ["s"], "y"),
        };

        var network = builder.Read();

        Assert.Equal((1, 2), (network.Graph.Logits, network.Graph.Classes));
        Assert.DoesNotContain(network.Graph.Nodes, node => node is Sigmoid);
        var written = network.With(new Dictionary<string, float[]> { ["w.weight"] = [3, -2, 1] }).ToOnnx();
        Assert.Contains(ModelProto.Parser.ParseFrom(written).Graph.Node, node => node.OpType == "Sigmoid");
        Runtime.AssertAgrees(builder.Bytes(), network, ending: Runtime.Sigmoid);
        Runtime.AssertAgrees(written, OnnxFile.Read(written, "b.onnx"), ending: Runtime.Sigmoid);
    }

    [Fact]
    public void Other_sigmoids_are_nodes_of_the_network()
    {
        // Of several scores, one a label that is there or not, softmax would make something else.
        var labels = Scored(3).Node("Sigmoid", ["p"], "y");
        Assert.IsType<Sigmoid>(labels.Nodes()[^1]);
        Runtime.AssertAgrees(labels.Bytes(), labels.Read());

        var inside = Scored(1).Floats("two", [1], 2).Node("Sigmoid", ["p"], "s").Node("Mul", ["s", "two"], "y");
        Assert.Contains(inside.Nodes(), node => node is Sigmoid);
        Runtime.AssertAgrees(inside.Bytes(), inside.Read());
    }

    [Fact]
    public void What_is_only_for_training_is_refused()
    {
        var builder = new ModelBuilder().Weights("w", 3).Weights("b", 3).Weights("m", 3).Weights("v", 3)
            .Node("BatchNormalization", ["x", "w", "b", "m", "v"], "n", ("training_mode", 1)).Node("Relu", ["n"], "y");

        Assert.Contains("BatchNormalization is in training mode ('n by BatchNormalization')", builder.Refused());
    }

    [Fact]
    public void Only_the_images_may_be_an_input()
    {
        var two = new ModelBuilder().Node("Add", ["x", "z"], "y");
        two.Model.Graph.Input.Add(ModelBuilder.Describe("z", 1, 3, 8, 8));
        Assert.Equal("'a.onnx' is an ONNX model with 2 inputs ('x', 'z'); expected one, the images.", two.Refused());

        // Inputs that nothing reads, and those with a stored value, are none.
        var stored = new ModelBuilder().Weights("w", 2, 3, 1, 1).Node("Conv", ["x", "w"], "y");
        stored.Model.Graph.Input.Add(ModelBuilder.Describe("w", 2, 3, 1, 1));
        stored.Model.Graph.Input.Add(ModelBuilder.Describe("unused", 1));
        Assert.Equal(2, stored.Read().Graph.Classes / 64);

        var flat = new ModelBuilder().Node("Relu", ["x"], "y");
        flat.Model.Graph.Input[0] = ModelBuilder.Describe("x", 1, 3);
        Assert.Equal("'a.onnx' is an ONNX model that takes 'x' of 2 dimensions; expected images [N, C, H, W].", flat.Refused());
    }

    [Fact]
    public void Models_that_make_no_network_are_refused()
    {
        Assert.Equal(
            "'a.onnx' is an ONNX model whose node 'y by Add' reads 'gone', which is not there.",
            new ModelBuilder().Node("Relu", ["x"], "a").Node("Add", ["a", "gone"], "y").Refused());
        Assert.Equal(
            "'a.onnx' is an ONNX model that gives the name 'a' to two values.",
            Pooled().Node("Relu", ["p"], "a").Node("Sigmoid", ["a"], "b").Node("Relu", ["b"], "a").Node("Relu", ["a"], "y").Refused());
        Assert.Equal(
            "'a.onnx' is an ONNX model whose output 'y' does not depend on its images.",
            Pooled().Integers("c", 1, 2).Node("Shape", ["p"], "s").Node("Concat", ["c", "s"], "y").Refused());

        var none = new ModelBuilder().Node("Relu", ["x"], "y");
        none.Model.Graph.Output.Clear();
        Assert.Equal("'a.onnx' is an ONNX model without outputs.", none.Refused());
        none = new ModelBuilder().Node("Relu", ["x"], "y");
        none.Model.OpsetImport.Clear();
        Assert.Equal("'a.onnx' is no ONNX model: it does not say which operators it is written in.", none.Refused());
        none.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 14 });
        none.Model.Graph = null;
        Assert.Equal("'a.onnx' is an ONNX model without a graph.", none.Refused());
    }

    [Fact]
    public void Nodes_without_inputs_are_refused()
    {
        foreach (var type in new[] { "Shape", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Concat", "Add", "Relu", "Conv", "Slice",
            "Cast", "Softmax" })
        {
            foreach (var inputs in new string[][] { [], [""], ["", ""] })
            {
                var message = new ModelBuilder().Node(type, inputs, "a").Node("Reshape", ["x", "a"], "y").Refused();
                Assert.StartsWith("'a.onnx' ", message);
            }
        }
    }

    [Fact]
    public void Text_of_the_model_stays_on_one_line()
    {
        var message = new ModelBuilder().Node("MaxPool", ["x"], "y", ("kernel_shape", new[] { 2, 2 }), ("auto_pad", "two\nlines\u2028"))
            .Refused();

        Assert.EndsWith("has the unknown auto_pad two?lines\u2028 ('y by MaxPool').", message);
    }

    [Fact]
    public void Images_and_vectors_do_not_mix()
    {
        var builder = Pooled().Node("Flatten", ["p"], "v");
        Assert.Contains("combines the axes [N, C, H, W] and [N, C], images and vectors", builder.Node("Add", ["p", "v"], "y").Refused());
        Assert.Contains(
            "Concat combines images and vectors", Pooled().Node("Flatten", ["p"], "v").Node("Concat", ["p", "v"], "y", ("axis", 1))
                .Refused());
    }

    [Fact]
    public void Kernels_of_whole_numbers_are_read_and_written_as_floats()
    {
        var builder = new ModelBuilder().Node("Conv", ["x", "w"], "y");
        builder.Model.Graph.Initializer.Add(ModelBuilder.Tensor("w", [1, 3, 1, 1], new[] { 1, 2, 3 }));
        var network = builder.Read();

        var written = OnnxFile.Read(network.With(new Dictionary<string, float[]> { ["w.weight"] = [4, 5, 6] }).ToOnnx(), "b.onnx");

        Assert.Equal([1f, 2, 3], network.Values("w.weight"));
        Assert.Equal([4f, 5, 6], written.Values("w.weight"));
    }

    private static ModelBuilder Scored(int scores) =>
        new ModelBuilder().Random("w", scores, 3, 1, 1).Node("Conv", ["x", "w"], "c").Node("GlobalAveragePool", ["c"], "p");

    private static ModelBuilder Pooled() => new ModelBuilder().Node("GlobalAveragePool", ["x"], "p");
}
