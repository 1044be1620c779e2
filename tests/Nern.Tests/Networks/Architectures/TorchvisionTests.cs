using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Tests.Networks.Architectures;

/// <summary>The builders of torchvision's networks: names and numbers are those of torchvision's own.</summary>
public class TorchvisionTests
{
    public static TheoryData<string, long> Counts => new()
    {
        { "resnet18", 11_689_512 }, { "resnet34", 21_797_672 }, { "resnet50", 25_557_032 },
        { "squeezenet1_0", 1_248_424 }, { "squeezenet1_1", 1_235_496 }, { "vgg11_bn", 132_868_840 }, { "vgg16_bn", 138_365_992 },
        { "mobilenet_v2", 3_504_872 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_network_has_as_many_trained_parameters_as_torchvision_s(string name, long count) => Assert.Equal(
        count,
        Build(name).Parameters.Where(parameter => !parameter.Name.Contains(".running_", StringComparison.Ordinal))
            .Sum(parameter => parameter.Shape.Aggregate(1L, (product, dimension) => product * dimension)));

    [Theory]
    [InlineData("resnet18", "conv1.weight", new[] { 64, 3, 7, 7 })]
    [InlineData("resnet18", "layer2.0.downsample.0.weight", new[] { 128, 64, 1, 1 })]
    [InlineData("resnet18", "layer4.1.bn2.running_var", new[] { 512 })]
    [InlineData("resnet50", "layer1.0.downsample.0.weight", new[] { 256, 64, 1, 1 })]
    [InlineData("resnet50", "layer3.5.conv3.weight", new[] { 1024, 256, 1, 1 })]
    [InlineData("resnet50", "fc.weight", new[] { 1000, 2048 })]
    [InlineData("squeezenet1_0", "features.12.expand3x3.bias", new[] { 256 })]
    [InlineData("squeezenet1_1", "features.12.squeeze.weight", new[] { 64, 512, 1, 1 })]
    [InlineData("squeezenet1_1", "classifier.1.weight", new[] { 1000, 512, 1, 1 })]
    [InlineData("vgg11_bn", "features.25.weight", new[] { 512, 512, 3, 3 })]
    [InlineData("vgg16_bn", "features.41.running_mean", new[] { 512 })]
    [InlineData("vgg16_bn", "classifier.6.bias", new[] { 1000 })]
    [InlineData("mobilenet_v2", "features.0.0.weight", new[] { 32, 3, 3, 3 })]
    [InlineData("mobilenet_v2", "features.1.conv.0.0.weight", new[] { 32, 1, 3, 3 })]
    [InlineData("mobilenet_v2", "features.1.conv.2.running_var", new[] { 16 })]
    [InlineData("mobilenet_v2", "features.2.conv.1.0.weight", new[] { 96, 1, 3, 3 })]
    [InlineData("mobilenet_v2", "features.17.conv.2.weight", new[] { 320, 960, 1, 1 })]
    [InlineData("mobilenet_v2", "features.18.0.weight", new[] { 1280, 320, 1, 1 })]
    [InlineData("mobilenet_v2", "classifier.1.weight", new[] { 1000, 1280 })]
    public void Parameters_have_torchvision_s_names_and_shapes(string name, string parameter, int[] shape) =>
        Assert.Equal(shape, Build(name).Parameters.Single(p => p.Name == parameter).Shape);

    [Fact]
    public void Pools_of_a_SqueezeNet_reach_beyond_the_edge()
    {
        var graph = SqueezeNet.Build(lighter: true);
        Assert.Equal([55, 27, 13], graph.Nodes.Index().Where(node => node.Item is Pool).Select(node => graph.ShapeOf(node.Index).Height));
        Assert.Equal(3, SqueezeNet.Build(lighter: false, size: 64).Nodes.OfType<Pool>().Count());
    }

    [Fact]
    public void A_MobileNetV2_halves_the_image_five_times_and_adds_where_it_does_not()
    {
        var graph = MobileNetV2.Build(classes: 10, size: 64);
        Assert.Equal(new ImageShape(1280, 2, 2),
            graph.ShapeOf(graph.Nodes.Index().Single(node => node.Item is GlobalAveragePool).Item.Inputs[0]));
        Assert.Equal(10, graph.Nodes.OfType<Add>().Count());
        Assert.Equal(17, graph.Nodes.OfType<Convolution>().Count(node => node.Groups > 1));
        Assert.All(graph.Nodes.OfType<Relu>(), relu => Assert.Equal(6, relu.Ceiling));
        Assert.Equal(52, graph.Nodes.OfType<Convolution>().Count());
    }

    [Fact]
    public void Other_depths_are_refused()
    {
        Assert.Equal("A ResNet for ImageNet has 18, 34, 50 layers; got 20.", Assert.Throws<NernException>(() => ResNet.Build(20)).Message);
        Assert.Equal("A VGG has 11 or 16 layers; got 19.", Assert.Throws<NernException>(() => Vgg.Build(19)).Message);
    }

    private static Graph Build(string name) => name switch
    {
        "resnet18" => ResNet.Build(18),
        "resnet34" => ResNet.Build(34),
        "resnet50" => ResNet.Build(50),
        "squeezenet1_0" => SqueezeNet.Build(lighter: false),
        "squeezenet1_1" => SqueezeNet.Build(lighter: true),
        "vgg11_bn" => Vgg.Build(11),
        "mobilenet_v2" => MobileNetV2.Build(),
        _ => Vgg.Build(16),
    };
}
