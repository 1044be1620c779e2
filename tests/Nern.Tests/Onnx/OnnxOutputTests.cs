using Nern.Networks;
using Nern.Onnx;

namespace Nern.Tests.Onnx;

public sealed class OnnxOutputTests
{
    [Fact]
    public void Of_several_outputs_the_vector_is_taken_that_none_is_made_of()
    {
        Assert.Equal(4, Read(["a", "y"]).Graph.Classes);
        Assert.Equal(4, Read(["features", "y"]).Graph.Classes);
        Assert.Equal(4, Read(["y", "features", "a"]).Graph.Classes);
    }

    [Fact]
    public void Classes_and_names_choose_among_vectors()
    {
        Assert.Equal(8, Read(["features", "y"], new() { Classes = _ => 8 }).Graph.Classes);
        Assert.Equal(3, Read(["y", "other"], new() { Output = "other" }).Graph.Classes);
        Assert.Equal(3, Read(["y", "other"], new() { Classes = _ => 3 }).Graph.Classes);
        Assert.Equal(
            "'a.onnx' is an ONNX model with 2 outputs that may be class scores ('y' of 4, 'other' of 3): name one with --logits.",
            Refused(["y", "other"]));
        Assert.Equal("'a.onnx' is an ONNX model without an output 'z'; it has 'y', 'other'.",
            Refused(["y", "other"], new() { Output = "z" }));
    }

    [Fact]
    public void A_single_logit_is_the_score_of_two_classes_and_its_probability_is_the_same_output()
    {
        Assert.Equal(1, Read(["features", "logit"], new() { Classes = _ => 2 }).Graph.Logits);
        Assert.Equal(1, Read(["other", "probability"], new() { Classes = _ => 2 }).Graph.Logits);
        Assert.Equal(3, Read(["other", "probability"], new() { Classes = _ => 3 }).Graph.Logits);
        foreach (var outputs in new string[][] { ["logit", "probability"], ["probability", "logit"], ["probability"], ["logit"] })
            Assert.IsType<Gemm>(Read(outputs).Graph.Nodes[^1]);
    }

    [Fact]
    public void What_is_left_out_leaves_no_tensors_behind()
    {
        Assert.Equal(["w.weight", "l.weight"], Read(["y", "other"], new() { Output = "y" }).Tensors.Keys);
        Assert.Equal(["w.weight", "l.weight"], Read(["y", "other"], new() { Classes = _ => 4 }).Tensors.Keys);
    }

    [Fact]
    public void Maps_are_refused() => Assert.Equal(
        "'a.onnx' is an ONNX model whose output 'a' is 8 maps of 8x8; expected a score for each class, which classifiers yield.",
        Refused(["a"]));

    [Fact]
    public void Batch_normalisation_in_training_mode_is_refused_in_older_models_too()
    {
        var builder = new ModelBuilder(operatorSet: 9).Weights("w", 3).Node("BatchNormalization", ["x", "w", "w", "w", "w"], "n")
            .Node("GlobalAveragePool", ["n"], "y");
        Assert.Equal(3, builder.Read().Graph.Classes);

        builder.Model.Graph.Node[0].Output.AddRange(["mean", "var"]);

        Assert.Contains("BatchNormalization is in training mode", builder.Refused());
    }

    [Fact]
    public void Channels_that_are_open_are_those_of_the_first_convolution()
    {
        var builder = new ModelBuilder(channels: 0, height: 0, width: 0).Random("w", 4, 1, 3, 3).Node("Conv", ["x", "w"], "a")
            .Node("GlobalAveragePool", ["a"], "y");

        Assert.Equal(new ImageShape(1, 28, 28), OnnxFile.Read(builder.Bytes(), "a.onnx", new() { Size = (28, 28) }).Graph.InputShape);
    }

    private static Network Read(string[] outputs, OnnxOptions? options = null)
    {
        var builder = new ModelBuilder().Random("w", 8, 3, 1, 1).Random("l", 8, 4).Random("o", 8, 3).Node("Conv", ["x", "w"], "a")
            .Node("GlobalAveragePool", ["a"], "p").Node("Flatten", ["p"], "features").Node("MatMul", ["features", "l"], "y")
            .Node("MatMul", ["features", "o"], "other")
            .Random("s", 8, 1).Node("MatMul", ["features", "s"], "logit").Node("Sigmoid", ["logit"], "probability");
        builder.Model.Graph.Output.Clear();
        builder.Model.Graph.Output.AddRange(outputs.Select(name => new Nern.Onnx.Protocol.ValueInfoProto { Name = name }));
        return OnnxFile.Read(Google.Protobuf.MessageExtensions.ToByteArray(builder.Model), "a.onnx", options);
    }

    private static string Refused(string[] outputs, OnnxOptions? options = null) =>
        Assert.Throws<NernException>(() => Read(outputs, options)).Message;
}
