using System.Text;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Onnx;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Tests.Onnx;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("residual", "residual", 1e-4)]
    [InlineData("mobile", "mobile", 1e-4)]
    [InlineData("squeeze", "squeeze", 1e-4)]
    [InlineData("dense", "dense", 1e-4)]
    [InlineData("plain", "plain", 1e-4)]
    [InlineData("mixture", "mixture", 1e-4)]
    [InlineData("typed", "residual", 1e-4)]
    [InlineData("external", "squeeze", 1e-4)]
    [InlineData("half", "squeeze", 1e-2)]
    public void Logits_agree_with_those_of_PyTorch(string name, string twin, double tolerance)
    {
        var (images, expected) = OnnxFixture.Expected(twin);

        var logits = OnnxFixture.Logits(OnnxFile.Load(OnnxFixture.Path($"{name}.onnx")), images);

        var largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, logits.Length);
        Assert.InRange(expected.Zip(logits, (e, found) => Math.Abs(e - found)).Max() / largest, 0, tolerance);
    }

    [Theory]
    [InlineData("residual", 2e-5)]
    [InlineData("mobile", 2e-5)]
    [InlineData("squeeze", 2e-5)]
    [InlineData("dense", 2e-5)]
    [InlineData("plain", 2e-5)]
    [InlineData("mixture", 2e-5)]
    [InlineData("typed", 2e-5)]
    [InlineData("half", 1e-2)]
    public void ONNX_Runtime_agrees_on_what_is_read_and_on_what_is_written_again(string name, double tolerance)
    {
        var network = OnnxFile.Load(OnnxFixture.Path($"{name}.onnx"));
        var changed = network.With(network.Graph.Nodes.OfType<Convolution>().Select(node => $"{node.Name}.weight")
            .ToDictionary(weight => weight, weight => network.Values(weight).Reverse().ToArray()));

        Func<float[], float[]>? ending = OnnxFixture.Model(name).Graph.Node[^1].OpType == "Softmax" ? Runtime.Softmax : null;
        Runtime.AssertAgrees(OnnxFixture.Bytes(name), network, tolerance, ending: ending);
        Runtime.AssertAgrees(changed.ToOnnx(), changed, tolerance, ending: ending);
    }

    [Fact]
    public void A_network_knows_the_file_it_comes_from()
    {
        var source = OnnxFile.Load(OnnxFixture.Path("residual.onnx")).Source!;

        Assert.Equal(NetworkSource.Of("residual.onnx", OnnxFixture.Bytes("residual"), "", []), source);
        Assert.Equal("residual.onnx", source.Name);
    }

    [Fact]
    public void A_size_that_the_model_leaves_open_is_given()
    {
        var model = OnnxFixture.Model("residual");
        foreach (var i in new[] { 2, 3 })
            model.Graph.Input[0].Type.TensorType.Shape.Dim[i] = new TensorShapeProto.Types.Dimension { DimParam = "size" };
        var path = Write("open.onnx", Google.Protobuf.MessageExtensions.ToByteArray(model));

        Assert.Equal(
            $"'{path}' is an ONNX model that leaves the size of its images 'images' open: say it with --size, "
            + "of fit and compress --image-size.",
            Refused(path));
        Assert.Equal(new ImageShape(3, 20, 20), OnnxFile.Load(path, new() { Size = (20, 20) }).Graph.InputShape);
        path = OnnxFixture.Path("residual.onnx");
        var refused = Assert.Throws<NernException>(() => OnnxFile.Load(path, new() { Size = (64, 64) }));
        Assert.Equal($"'{path}' is an ONNX model for images of 20x20; got 64x64.", refused.Message);
    }

    [Fact]
    public void What_is_no_model_is_refused_in_one_sentence()
    {
        var bytes = OnnxFixture.Bytes("residual");
        foreach (var (name, content) in new[]
        {
            ("cut.onnx", bytes[..(bytes.Length / 2)]), ("short.onnx", bytes[..^1]), ("empty.onnx", []),
            ("text.onnx", Encoding.UTF8.GetBytes("A model, but in words.\nOf two lines.\n")), ("zeros.onnx", new byte[1000]),
        })
        {
            var path = Write(name, content);
            var message = Refused(path);
            Assert.StartsWith($"'{path}' is no ONNX model: ", message);
            Assert.EndsWith(".", message);
            Assert.DoesNotContain('\n', message);
        }
        Assert.StartsWith($"'{_folder.File("gone.onnx")}' cannot be read: ", Refused(_folder.File("gone.onnx")));
    }

    [Fact]
    public void A_model_that_cannot_be_written_is_told()
    {
        var network = OnnxFile.Load(OnnxFixture.Path("residual.onnx"));

        var path = Path.Combine(_folder.FullName, "missing", "a.onnx");

        Assert.Contains(path, Assert.Throws<NernException>(() => NetworkFile.Save(path, network)).Message);
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private static string Refused(string path) => Assert.Throws<NernException>(() => OnnxFile.Load(path)).Message;
}
