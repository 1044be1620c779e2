using Nern.Data;
using Nern.Insight;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Prediction;

namespace Nern.Tests.Insight;

public class MapActivationsTests
{
    private const int Images = 35;

    private static readonly Normalization Normalization = new([.4f, .5f, .6f], [.2f, .3f, .4f]);

    [Theory]
    // A ReLU behind the normalisation; none before an addition, nor before a projected shortcut's.
    [InlineData("residual B", "conv1=relu block1.conv1=block1.relu1 block1.conv2=block1.bn2+ block2.conv2=block2.bn2+ "
        + $"shortcut=shortcut.bn+")]
    [InlineData("squeeze", "conv1=conv1.relu squeeze=squeeze.relu expand1x1=expand1x1.relu classifier=classifier.relu")]
    [InlineData("functions", "conv1=leaky conv2=swish conv3=clip")]
    // The value that the normalisation reads is read by an addition too.
    [InlineData("normalised first", "conv1=conv1+ conv2=conv2+")]
    [InlineData("ceilings", "stem=stem.bn+ expand=relu1 depthwise=relu2 project=project.bn+")]
    public void Means_are_those_of_the_reference(string name, string maps)
    {
        var random = new Generator(3);
        var network = RandomNetwork.Of(ExampleGraphs.Build(name), random);
        var shape = network.Graph.InputShape;
        byte[] pixels = [.. Enumerable.Range(0, Images * shape.Count).Select(_ => (byte)random.NextInt32(256))];
        var images = new ImageSet(pixels, new int[Images], shape.Channels, shape.Height, shape.Width, 4);
        var inputs = new float[pixels.Length];
        images.FillNormalized(inputs, 0, Images, Normalization);
        var expected = new ReferenceNetwork(network).Forward(
            new Volume(Images, shape.Channels, shape.Height, shape.Width, PredictorCase.Doubles(inputs)));
        var chosen = maps.Split(' ').Select(map => map.Split('=')).ToDictionary(map => map[0], map => map[1]);
        LearnableLayer[] layers = [.. LearnableLayer.AllOf(network.Graph).Where(layer => chosen.ContainsKey(layer.Name))];
        Assert.Equal(chosen.Count, layers.Length);
        using var engine = new CpuEngine();

        var activations = MapActivations.Measure(engine, network, layers, images, Normalization);

        Assert.Equal(Images, activations.Images);
        foreach (var layer in layers)
        {
            var map = chosen[layer.Name];
            var node = network.Graph.Nodes.Index().Single(node => node.Item.Name == map.TrimEnd('+')).Index;
            Closeness.AssertClose(
                Means(expected[node], positive: map.EndsWith('+')), [.. activations.Of(layer.Name)], Closeness.Float32Tolerance,
                layer.Name);
        }
    }

    [Fact]
    public void A_network_of_a_hundred_convolutions_is_measured()
    {
        var network = RandomNetwork.Of(CifarResNet.Build(110), new Generator(1));
        var layers = LearnableLayer.AllOf(network.Graph);
        using var engine = new CpuEngine();

        var activations = MapActivations.Measure(
            engine, network, layers, new ImageSet(new byte[2 * 3072], new int[2], 3, 32, 32, 10), Normalization);

        Assert.All(layers, layer => Assert.Equal(layer.Filters, activations.Of(layer.Name).Count));
        Assert.Contains(activations.Of(layers[^1].Name), mean => mean > 0);
    }

    [Fact]
    public void Images_the_network_does_not_take_are_refused()
    {
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual A"), new Generator(1));
        using var engine = new CpuEngine();

        Assert.Equal(
            "The network takes images of 3x8x8; these are 3x8x9.",
            Assert.Throws<NernException>(() => MapActivations.Measure(
                engine, network, LearnableLayer.AllOf(network.Graph), new ImageSet(new byte[216], [0], 3, 8, 9, 4),
                Normalization)).Message);
    }

    private static double[] Means(Volume map, bool positive)
    {
        var means = new double[map.Dimensions[1]];
        var area = map.Dimensions[2] * map.Dimensions[3];
        for (var i = 0; i < map.Values.Length; i++)
            means[i / area % means.Length] += (positive ? Math.Max(0, map.Values[i]) : map.Values[i]) / area / map.Dimensions[0];
        return means;
    }
}
