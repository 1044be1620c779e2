using System.Text.Json;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Onnx;
using Nern.OnnxModels;
using Nern.Options;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Onnx;
using PoolingKind = Nern.Networks.PoolingKind;
using Window = Nern.Networks.Window;

namespace Nern.Tests.OnnxModels;

public sealed class OnnxGraphWriterTests : IDisposable
{
    private static readonly Dictionary<string, Func<Graph>> Graphs = new()
    {
        ["CIFAR ResNet A"] = () => CifarResNet.Build(14, Shortcut.A),
        ["CIFAR ResNet B"] = () => CifarResNet.Build(14, Shortcut.B),
        ["ResNet-18"] = () => ResNet.Build(18, classes: 7, size: 33),
        ["ResNet-50"] = () => ResNet.Build(50, classes: 3, size: 32),
        ["SqueezeNet 1.1"] = () => SqueezeNet.Build(lighter: true, classes: 5, size: 40),
        ["as VGG-11"] = AsVgg,
        ["residual A"] = () => ExampleGraphs.Build("residual A"),
        ["squeeze"] = () => ExampleGraphs.Build("squeeze"),
        ["average pool"] = () => ExampleGraphs.Build("average pool"),
        ["two branches"] = () => ExampleGraphs.Build("two branches"),
        ["groups"] = () => ExampleGraphs.Build("groups"),
        ["flattened map"] = () => ExampleGraphs.Build("flattened map"),
        ["twice the same"] = () => ExampleGraphs.Build("twice the same"),
        ["shared value"] = () => ExampleGraphs.Build("shared value"),
        ["wide concat"] = () => ExampleGraphs.Build("wide concat"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Graphs.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_that_is_written_is_read_as_the_same(string name)
    {
        var random = new Generator(4);
        var network = RandomNetwork.Of(Graphs[name](), random);
        NetworkFile.Save(_folder.File("a.onnx"), network);

        var read = OnnxFile.Load(_folder.File("a.onnx"));

        // What ends with one pixel a channel is made a vector.
        var nodes = read.Graph.Nodes.Where(node => node.Name != "logits/flatten");
        Assert.Equal(Describe(network.Graph.Nodes), Describe(nodes));
        Assert.Equal(network.Tensors.Keys.Order(), read.Tensors.Keys.Order());
        Assert.All(network.Tensors, tensor => Assert.Equal(tensor.Value.Data.ToArray(), read.Tensors[tensor.Key].Data.ToArray()));
        float[] images = [.. RandomNetwork.Uniform(2 * network.Graph.InputShape.Count, random).Select(value => (float)value)];
        Assert.Equal(OnnxFixture.Logits(network, images), OnnxFixture.Logits(read, images));
    }

    public static TheoryData<string> Written => [.. Graphs.Keys.Union(ExampleGraphs.Names)];

    [Theory]
    [MemberData(nameof(Written))]
    public void ONNX_Runtime_runs_what_is_written_and_so_do_we(string name)
    {
        var network = RandomNetwork.Of(Graphs.TryGetValue(name, out var build) ? build() : ExampleGraphs.Build(name), new Generator(5));
        var written = network.ToOnnx();

        Runtime.AssertAgrees(written, network);
        Runtime.AssertAgrees(written, OnnxFile.Read(written, "a.onnx"));
    }

    [Fact]
    public void Nodes_of_other_tools_networks_are_written_and_read()
    {
        var graph = new GraphBuilder(new(4, 9, 9));
        var value = graph.Append(new ChannelAffine("scale", [0]));
        value = graph.Append(new Pad("pad", [value], 1, 0, 2, 3));
        value = graph.Append(new Convolution("conv", [value], 6, 3, 2, new Window(2, 1, 1, 0, 2, 1, 1, 2), Groups: 2));
        value = graph.Append(new LeakyRelu("leaky", [value], 0.2f));
        value = graph.Append(new Slice("slice", [value], new(1, 4), new(0, 2, 3), new(2, 5)));
        value = graph.Append(new Clip("clip", [value], -0.5f, 2));
        value = graph.Append(new Relu("relu6", [value], 6));
        value = graph.Append(new Sigmoid("sigmoid", [value]));
        value = graph.Append(new HardSwish("swish", [value]));
        value = graph.Append(new PadChannels("channels", [value], 1, 2));
        value = graph.Append(new BatchNorm("norm", [value], 1e-3f));
        value = graph.Append(new Flatten("flatten", [value]));
        value = graph.Append(new Gemm("hidden", [value], 5, HasBias: false));
        value = graph.Append(new ChannelAffine("last scale", [value]));
        graph.Append(new Gemm("linear", [value], 3));
        var network = RandomNetwork.Of(graph.Build(), new Generator(2));
        NetworkFile.Save(_folder.File("a.onnx"), network);

        var read = OnnxFile.Load(_folder.File("a.onnx"));

        // A factor and a summand are two nodes there.
        var kinds = network.Graph.Nodes.SelectMany(node => node is ChannelAffine ? new[] { node, node } : [node])
            .Select(node => node.GetType());
        Assert.Equal(kinds, read.Graph.Nodes.Select(node => node.GetType()));
        Assert.Equal(Describe(network.Graph.Nodes.Where(Keeps)), Describe(read.Graph.Nodes.Where(Keeps)));
        Assert.Equal(network.Values("conv.weight"), read.Values("conv.weight"));
        Assert.Equal(network.Values("scale.weight"), read.Values("scale.weight"));
        Assert.Equal(network.Values("scale.bias"), read.Values("scale/add.bias"));

        static bool Keeps(Node node) => node is Convolution or Pad or LeakyRelu or Slice or Clip or Relu or BatchNorm or PadChannels;
    }

    [Fact]
    public void Equal_networks_give_equal_files()
    {
        var network = RandomNetwork.Of(CifarResNet.Build(8), new Generator(4));

        NetworkFile.Save(_folder.File("a.onnx"), network);
        NetworkFile.Save(_folder.File("b.onnx"), network);

        Assert.Equal(File.ReadAllBytes(_folder.File("a.onnx")), File.ReadAllBytes(_folder.File("b.onnx")));
    }

    // Indices of inputs differ where a node became two.
    private static string[] Describe(IEnumerable<Node> nodes)
    {
        var list = nodes.ToList();
        var isWhole = list is [Input, ..];
        return [.. list.Select(node => JsonSerializer.Serialize(isWhole ? node : node with { Inputs = [] }, OptionJson.Options))];
    }

    /// <summary>The layers of torchvision's VGG-11, but few filters, for small images.</summary>
    private static Graph AsVgg()
    {
        var graph = new GraphBuilder(new(3, 32, 32));
        var value = 0;
        foreach (var (i, filters) in new[] { 8, 0, 12, 0, 16, 16, 0, 20, 20, 0, 20, 20, 0 }.Index())
            value = filters == 0
                ? graph.Append(new Pool($"pool{i}", [value], PoolingKind.Maximum, 2, 2, Window.Square(2, 0)))
                : graph.Relu(
                    graph.Append(new BatchNorm(
                        $"norm{i}", [graph.Append(new Convolution(
                            $"conv{i}", [value], filters, 3, 3, Window.Square(1, 1), HasBias: true))])), $"relu{i}");
        value = graph.Relu(graph.Append(new Gemm("hidden", [graph.Append(new Flatten("flatten", [value]))], 24)), "last relu");
        graph.Append(new Gemm("linear", [value], 10));
        return graph.Build();
    }
}
