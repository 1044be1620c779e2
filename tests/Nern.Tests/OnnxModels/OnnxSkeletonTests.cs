using Google.Protobuf;
using Nern.Kernels;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Onnx;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tests.Onnx;
using Nern.Tests.Representation;

namespace Nern.Tests.OnnxModels;

public sealed class OnnxSkeletonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["residual", "mobile", "squeeze", "dense", "plain", "mixture", "typed", "half", "external"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_written_as_it_was_read(string name)
    {
        // What the reader does not know: metadata_props, and fields of a later version.
        byte[] unknown = [0x72, 6, 0x0A, 1, (byte)'k', 0x12, 1, (byte)'v', 0xC0, 0xBB, 1, 42];
        File.WriteAllBytes(_folder.File("a.onnx"), [.. OnnxFixture.Bytes(name), .. unknown]);
        File.Copy(OnnxFixture.Path("external.data"), _folder.File("external.data"));
        var network = OnnxFile.Load(_folder.File("a.onnx"));

        NetworkFile.Save(_folder.File("b.onnx"), network);

        var (before, after) = (Read("a.onnx"), Read("b.onnx"));
        Assert.Equal(Values(before), Values(after));
        Assert.Equal(WithoutValues(before), WithoutValues(after));
        Assert.Equal(unknown, WithoutKnown(after));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_kernels_change_nothing_else(string name)
    {
        var network = OnnxFile.Load(OnnxFixture.Path($"{name}.onnx"));
        var layer = LearnableLayer.AllOf(network.Graph)[1];
        float[] kernels = [.. Enumerable.Range(0, network.Tensors[layer.Weight].Count).Select(i => (i - 7) / 3f)];
        var changed = network.With(new Dictionary<string, float[]> { [layer.Weight] = kernels });
        File.Copy(OnnxFixture.Path("external.data"), _folder.File("external.data"));

        NetworkFile.Save(_folder.File("a.onnx"), network);
        NetworkFile.Save(_folder.File("b.onnx"), changed);

        var (before, after) = (Read("a.onnx"), Read("b.onnx"));
        Assert.Equal(WithoutValues(before), WithoutValues(after));
        var different = Values(before).Zip(Values(after)).Where(pair => pair.First != pair.Second).ToList();
        Assert.Single(different);
        var read = OnnxFile.Load(_folder.File("b.onnx"));
        Assert.Equal(network.Tensors[layer.Weight].Type, read.Tensors[layer.Weight].Type);
        Assert.Equal(name == "half" ? [.. kernels.Select(value => (float)(Half)value)] : kernels, read.Values(layer.Weight));
    }

    [Fact]
    public void A_matrix_that_is_stored_the_other_way_round_is_written_so()
    {
        var network = OnnxFile.Load(OnnxFixture.Path("plain.onnx"));
        var name = network.Graph.Nodes.OfType<Gemm>().Single().Name + ".weight";
        var values = network.Values(name);
        values[1] = 1234;

        NetworkFile.Save(_folder.File("a.onnx"), network.With(new Dictionary<string, float[]> { [name] = values }));

        Assert.Equal(values, OnnxFile.Load(_folder.File("a.onnx")).Values(name));
    }

    public static TheoryData<string> ComputedKernels => ["Transpose", "Mul", "Cast", "Add twice", "Identity", "Reshape", "integers"];

    [Theory]
    [MemberData(nameof(ComputedKernels))]
    public void New_kernels_stand_in_the_place_of_those_that_a_model_computes(string kind)
    {
        var builder = Computing(kind);
        builder.Weights("u", 2, 2, 1, 1).Node("Conv", ["k.x", "u"], "c", ("kernel_shape", new[] { 1, 1 }))
            .Node("GlobalAveragePool", ["c"], "p")
            .Node("Flatten", ["p"], "f").Node("Softmax", ["f"], "y", ("axis", 1));
        builder.Model.Graph.Output[0] = ModelBuilder.Describe("y", 1, 2);
        var model = builder.Model.ToByteArray();
        var network = OnnxFile.Read(model, "a.onnx");
        Assert.Equal(["k", "u"], network.Graph.Nodes.OfType<Convolution>().Select(node => node.Name));
        Runtime.AssertAgrees(model, network, ending: Runtime.Softmax);

        var changed = network.With(new Dictionary<string, float[]> { ["k.weight"] = [6, 5, 4, 3, 2, 1], ["u.weight"] = [1, -1, 2, 3] });
        var written = changed.ToOnnx();

        var read = OnnxFile.Read(written, "b.onnx");
        Assert.Equal([6, 5, 4, 3, 2, 1], read.Values("k.weight"));
        Runtime.AssertAgrees(written, changed, ending: Runtime.Softmax);
        // All but what computed the kernels is as it was.
        var (before, after) = (builder.Model, ModelProto.Parser.ParseFrom(written));
        Assert.Equal(before.OpsetImport, after.OpsetImport);
        Assert.Equal(before.Graph.Output, after.Graph.Output);
        Assert.Equal(before.Graph.Input, after.Graph.Input);
        Assert.Equal(before.Graph.Node.Where(node => node.Name.StartsWith("k.x") || !node.Name.StartsWith('k')), after.Graph.Node);
        Assert.DoesNotContain(after.Graph.Initializer, tensor => tensor.Name == "raw");
        Assert.Equal(read.ToOnnx(), written);
    }

    /// <summary>'k.x' as the convolution of the images with kernels 'k.weight' that are computed of 'raw'.</summary>
    private static ModelBuilder Computing(string kind)
    {
        var builder = kind switch
        {
            "Transpose" =>
                new ModelBuilder().Weights("raw", 1, 1, 3, 2).Node("Transpose", ["raw"], "k.weight", ("perm", new[] { 3, 2, 0, 1 })),
            "Mul" =>
                new ModelBuilder().Weights("raw", 2, 3, 1, 1).Floats("k.factor", [2, 1, 1, 1], 2, -3)
                    .Node("Mul", ["raw", "k.factor"], "k.weight"),
            "Cast" => new ModelBuilder().Weights("raw", 2, 3, 1, 1).Node("Mul", ["raw", "raw"], "k.square")
                .Node("Cast", ["k.square"], "k.half", ("to", 10)).Node("Cast", ["k.half"], "k.weight", ("to", 1)),
            "Add twice" =>
                new ModelBuilder().Weights("raw", 2, 3, 1, 1).Node("Add", ["raw", "raw"], "k.two")
                    .Node("Sub", ["k.two", "raw"], "k.weight"),
            "Identity" => new ModelBuilder().Weights("raw", 2, 3, 1, 1).Node("Identity", ["raw"], "k.same")
                .Node("Transpose", ["k.same"], "k.weight", ("perm", new[] { 0, 1, 3, 2 })),
            "Reshape" =>
                new ModelBuilder().Weights("raw", 3, 2).Node("Transpose", ["raw"], "k.t", ("perm", new[] { 1, 0 }))
                    .Integers("k.shape", 2, 3, 1, 1)
                .Node("Reshape", ["k.t", "k.shape"], "k.weight"),
            _ => new ModelBuilder().Node("Cast", ["raw"], "k.weight", ("to", 1)),
        };
        if (kind == "integers")
            builder.Model.Graph.Initializer.Add(ModelBuilder.Tensor("raw", [2, 3, 1, 1], new[] { 1, 2, 3, 4, 5, 6 }));
        return builder.Node("Conv", ["x", "k.weight"], "k.x", ("kernel_shape", new[] { 1, 1 }));
    }

    [Fact]
    public void What_others_read_too_stays_where_kernels_are_computed_of_it()
    {
        var builder = new ModelBuilder().Weights("raw", 3, 3, 1, 1).Node("Transpose", ["raw"], "turned", ("perm", new[] { 1, 0, 2, 3 }))
            .Node("Conv", ["x", "turned"], "a").Node("Conv", ["a", "raw"], "b").Node("GlobalAveragePool", ["b"], "p")
                .Node("Flatten", ["p"], "y");
        var network = builder.Read();

        var written = network.With(new Dictionary<string, float[]> { ["turned.weight"] = [9, 8, 7, 6, 5, 4, 3, 2, 1] }).ToOnnx();

        var read = OnnxFile.Read(written, "b.onnx");
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], read.Values("turned.weight"));
        Assert.Equal(network.Values("raw.weight"), read.Values("raw.weight"));
    }

    [Fact]
    public void A_representation_keeps_the_rest_of_its_model_in_its_file()
    {
        var network = OnnxFile.Load(OnnxFixture.Path("residual.onnx"));
        var representation = Representation(network, network.OnnxSkeleton);
        NernFile.Save(_folder.File("a.nern"), representation);
        NernFile.Save(_folder.File("b.nern"), Representation(network, null));
        using var engine = new CpuEngine();

        var reconstructed = NernFile.Load(_folder.File("a.nern")).Reconstruct(engine);
        NetworkFile.Save(_folder.File("a.onnx"), reconstructed);

        NetworkFile.Save(_folder.File("b.onnx"), network);
        Assert.Equal(WithoutValues(Read("b.onnx")), WithoutValues(Read("a.onnx")));
        var read = OnnxFile.Load(_folder.File("a.onnx"));
        Assert.All(reconstructed.Tensors, tensor => Assert.Equal(tensor.Value.ToFloats(), read.Values(tensor.Key)));
        // The weights are not there a second time: nodes and names of this small model are some 5 KB.
        Assert.InRange(new FileInfo(_folder.File("a.nern")).Length - new FileInfo(_folder.File("b.nern")).Length, 1000, 6000);
    }

    [Fact]
    public void A_skeleton_that_does_not_fit_its_network_is_refused()
    {
        var network = OnnxFile.Load(OnnxFixture.Path("plain.onnx"));
        var skeleton = ModelProto.Parser.ParseFrom(network.OnnxSkeleton!.Value.Span);

        Refuses("of another size", model => Place(model, "conv1.weight").Dims[0] = 7);
        Refuses("has no tensor 'gone'", model => Place(model, "conv1.bias").ExternalData[0].Value = "gone");
        Refuses("floating-point", model => Place(model, "conv1.weight").DataType = 7);
        Refuses("no matrix", model =>
            Place(model, "conv1.weight").ExternalData.Add(new StringStringEntryProto { Key = "nern.transposed", Value = "1" }));
        Refuses("has no graph", model => model.Graph = null);
        Refused("", [1, 2, 3]);

        void Refuses(string message, Action<ModelProto> change)
        {
            var model = skeleton.Clone();
            change(model);
            Refused(message, model.ToByteArray());
        }

        void Refused(string message, byte[] bytes)
        {
            var other = new Network(network.Graph, [.. network.Tensors]) { OnnxSkeleton = new(bytes) };
            var found = Assert.Throws<NernException>(() => NetworkFile.Save(_folder.File("a.onnx"), other)).Message;
            Assert.StartsWith("The network does not fit the ONNX model that it came from: it ", found);
            Assert.Contains(message, found);
        }

        static TensorProto Place(ModelProto model, string name) =>
            model.Graph.Initializer.Single(tensor => tensor.ExternalData.Any(entry => entry.Value == name));
    }

    private static NeuralRepresentation Representation(Network network, ReadOnlyMemory<byte>? onnx)
    {
        var layers = LearnableLayer.AllOf(network.Graph);
        var design = new Nern.Fitting.PredictorOptions
        {
            Activation = Activation.Relu,
            Hidden = 8,
            Depth = 3,
            EmbeddingBase = 1.1,
            EmbeddingLevels = 3
        }
            .CreateDesign(new KernelLayout(layers), seed: 0);
        var random = new Generator(1);
        float[] parameters = [.. Enumerable.Range(0, design.Shape.ParameterCount).Select(_ => (float)(0.3 * random.NextNormal()))];
        return new(network.Graph, design, parameters, ExampleRepresentation.Unpredicted(network, layers),
            new Provenance(network.Source!, null, null))
        {
            OnnxSkeleton = onnx,
        };
    }

    private ModelProto Read(string name) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder.File(name)));

    private static IEnumerable<TensorProto> Tensors(ModelProto model) =>
        [.. model.Graph.Initializer, .. model.Graph.Node.SelectMany(node => node.Attribute).Where(a => a.T is not null).Select(a => a.T)];

    /// <summary>The elements of all tensors, in hexadecimal digits.</summary>
    private List<string> Values(ModelProto model) =>
        [.. Tensors(model).Select(tensor =>
            Convert.ToHexString(OnnxTensor.Read(tensor, new ExternalData(_folder.File("a.onnx"))).Data.Span))];

    private static ModelProto WithoutValues(ModelProto model)
    {
        model = model.Clone();
        foreach (var tensor in Tensors(model))
        {
            tensor.ClearRawData();
            tensor.ClearDataLocation();
            tensor.FloatData.Clear();
            tensor.DoubleData.Clear();
            tensor.Int32Data.Clear();
            tensor.Int64Data.Clear();
            tensor.ExternalData.Clear();
        }
        return model;
    }

    private static byte[] WithoutKnown(ModelProto model)
    {
        model = model.Clone();
        model.ClearIrVersion();
        model.ClearProducerName();
        model.ClearProducerVersion();
        model.Graph = null;
        model.OpsetImport.Clear();
        return model.ToByteArray();
    }
}
