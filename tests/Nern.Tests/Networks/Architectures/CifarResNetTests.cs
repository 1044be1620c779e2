using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Tests.Networks.Architectures;

public sealed class CifarResNetTests
{
    /// <summary>Trainable parameters as the published networks count them, option A.</summary>
    [Theory]
    [InlineData(20, 269_722)]
    [InlineData(32, 464_154)]
    [InlineData(44, 658_586)]
    [InlineData(56, 853_018)]
    [InlineData(110, 1_727_962)]
    public void Option_A_has_as_many_parameters_as_published(int depth, int count) =>
        Assert.Equal(count, Trainable(CifarResNet.Build(depth)));

    [Theory]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(44)]
    [InlineData(56)]
    [InlineData(110)]
    public void Option_B_adds_two_projections(int depth)
    {
        var graph = CifarResNet.Build(depth, Shortcut.B);
        var added = graph.Parameters.Where(parameter => parameter.Name.Contains("shortcut")).ToArray();

        // 16 to 32 and 32 to 64 channels, each with the two vectors of a batch normalisation.
        Assert.Equal(Trainable(CifarResNet.Build(depth)) + (16 * 32) + (32 * 64) + (2 * (32 + 64)), Trainable(graph));
        Assert.Equal(
            [
                "layer2.0.shortcut.0.weight", "layer2.0.shortcut.1.weight", "layer2.0.shortcut.1.bias", "layer2.0.shortcut.1.running_mean",
                "layer2.0.shortcut.1.running_var", "layer3.0.shortcut.0.weight", "layer3.0.shortcut.1.weight", "layer3.0.shortcut.1.bias",
                "layer3.0.shortcut.1.running_mean", "layer3.0.shortcut.1.running_var",
            ],
            added.Select(parameter => parameter.Name));
        Assert.Equal([32, 16, 1, 1], added[0].Shape);
        Assert.Equal([64, 32, 1, 1], added[5].Shape);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(44)]
    [InlineData(56)]
    [InlineData(110)]
    public void Parameters_are_named_and_shaped_as_published(int depth)
    {
        var expected = new List<string>();
        expected.AddRange(["conv1.weight [16, 3, 3, 3]", .. Norm("bn1", 16)]);
        foreach (var (stage, channels) in new[] { (1, 16), (2, 32), (3, 64) })
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                var name = $"layer{stage}.{block}";
                var inputs = block == 0 && stage > 1 ? channels / 2 : channels;
                expected.AddRange([$"{name}.conv1.weight [{channels}, {inputs}, 3, 3]", .. Norm($"{name}.bn1", channels)]);
                expected.AddRange([$"{name}.conv2.weight [{channels}, {channels}, 3, 3]", .. Norm($"{name}.bn2", channels)]);
            }
        expected.AddRange(["linear.weight [10, 64]", "linear.bias [10]"]);

        Assert.Equal(expected, CifarResNet.Build(depth).Parameters.Select(p => $"{p.Name} [{string.Join(", ", p.Shape)}]"));

        static IEnumerable<string> Norm(string name, int channels) =>
            new[] { "weight", "bias", "running_mean", "running_var" }.Select(suffix => $"{name}.{suffix} [{channels}]");
    }

    [Theory]
    [InlineData(Shortcut.A)]
    [InlineData(Shortcut.B)]
    public void Stages_halve_the_image(Shortcut shortcut)
    {
        var graph = CifarResNet.Build(20, shortcut, classes: 100);

        Assert.Equal(new ImageShape(3, 32, 32), graph.InputShape);
        Assert.Equal(100, graph.Classes);
        Assert.Equal(["16x32x32", "32x16x16", "64x8x8"], Enumerable.Range(1, 3).Select(stage =>
        {
            var (index, _) = graph.Nodes.Index().Single(node => node.Item.Name == $"layer{stage}.2.relu2");
            return graph.ShapeOf(index).ToString();
        }));
    }

    [Fact]
    public void Option_A_takes_every_second_pixel_and_pads_channels_on_both_sides()
    {
        var graph = CifarResNet.Build(20);

        Assert.Equal([2, 2], graph.Nodes.OfType<Subsample>().Select(node => node.Stride));
        Assert.Equal([(8, 8), (16, 16)], graph.Nodes.OfType<PadChannels>().Select(node => (node.Before, node.After)));
        Assert.Equal(
            ["layer2.0.conv1", "layer3.0.conv1"],
            graph.Nodes.OfType<Convolution>().Where(node => node.Window == Window.Square(2, 1)).Select(node => node.Name));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(21)]
    [InlineData(-4)]
    public void Other_depths_are_refused(int depth) =>
        Assert.Equal(
            $"A CIFAR ResNet has 6n + 2 layers (20, 32, 44, 56, 110); got {depth}.",
            Assert.Throws<NernException>(() => CifarResNet.Build(depth)).Message);

    [Fact]
    public void A_single_class_is_refused() =>
        Assert.Contains("at least 2 classes; got 1", Assert.Throws<NernException>(() => CifarResNet.Build(20, classes: 1)).Message);

    private static int Trainable(Graph graph) => graph.Parameters
        .Where(parameter => !parameter.Name.Contains(".running_")).Sum(parameter => parameter.Shape.Aggregate(1, (x, y) => x * y));
}
