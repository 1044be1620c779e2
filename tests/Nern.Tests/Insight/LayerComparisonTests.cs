using Nern.Evaluation;
using Nern.Insight;
using Nern.Kernels;
using Nern.Networks;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Insight;

public class LayerComparisonTests
{
    private readonly Network _original = RandomNetwork.Of(ExampleGraphs.Build("residual A"), new Generator(1));

    [Fact]
    public void Each_side_is_held_against_the_original_and_both_against_each_other()
    {
        var (first, second) = (Scaled("block1.conv1", 1.5f), Scaled("block1.conv1", 0.75f));

        var layers = LayerComparison.Of(first, second, _original);

        Assert.Equal(LearnableLayer.AllOf(_original.Graph).Select(layer => layer.Name), layers.Select(layer => layer.Layer));
        var changed = layers.Single(layer => layer.Layer == "block1.conv1");
        Assert.Equal((0.5, 0.25, 0.5), (Round(changed.First), Round(changed.Second), Round(changed.Between)));
        Assert.All(layers.Where(layer => layer != changed), layer =>
            Assert.Equal((0, 0, 0), (Round(layer.First), Round(layer.Second), Round(layer.Between))));
        var sum = LayerComparison.Sum(layers);
        Assert.Equal(changed.Between.SquaredDistance, sum.Between.SquaredDistance);
        Assert.InRange(sum.First!.Relative, 1e-9, 0.5);

        static double Round(WeightError? error) => Math.Round(error!.Relative, 6);
    }

    [Fact]
    public void Layers_that_one_of_them_does_not_have_are_left_out()
    {
        var other = RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(2));

        var layers = LayerComparison.Of(other, _original);

        Assert.DoesNotContain(layers, layer => layer.Layer == "shortcut");
        Assert.All(layers, layer => Assert.Null(layer.First));
        Assert.Null(LayerComparison.Sum(layers).Second);
        Assert.True(LayerComparison.Sum(layers).Between.Relative > 0.5);
    }

    private Network Scaled(string layer, float factor) => _original.With(new Dictionary<string, float[]>
    {
        [$"{layer}.weight"] = [.. _original.Values($"{layer}.weight").Select(weight => factor * weight)],
    });
}
