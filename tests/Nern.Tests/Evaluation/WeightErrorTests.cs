using Nern.Evaluation;
using Nern.Kernels;
using Nern.Networks;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Evaluation;

public class WeightErrorTests
{
    [Fact]
    public void The_errors_of_two_networks_are_those_of_their_layers()
    {
        var graph = ExampleGraphs.Build("residual B");
        var (original, reconstruction) = (RandomNetwork.Of(graph, new Generator(1)), RandomNetwork.Of(graph, new Generator(2)));

        var errors = WeightError.OfLayers(original, reconstruction);

        var layers = LearnableLayer.AllOf(graph);
        Assert.Equal(layers.Select(layer => layer.Name), errors.Select(error => error.Layer));
        foreach (var (layer, error) in layers.Zip(errors))
        {
            var (first, second) = (original.Values(layer.Weight), reconstruction.Values(layer.Weight));
            Assert.Equal(first.Length, error.Weights);
            Assert.Equal(
                Math.Sqrt(first.Zip(second, (a, b) => Math.Pow((double)a - b, 2)).Sum() / first.Sum(a => Math.Pow(a, 2))), error.Relative,
                1e-12);
        }
    }

    [Fact]
    public void Rows_of_a_layout_have_the_errors_of_the_networks_they_were_taken_from()
    {
        // Kernels of 3x3 and 1x1: what lies around a small one in its row does not count.
        var graph = ExampleGraphs.Build("residual B");
        var (original, reconstruction) = (RandomNetwork.Of(graph, new Generator(1)), RandomNetwork.Of(graph, new Generator(2)));
        var layout = new KernelLayout(LearnableLayer.AllOf(graph));
        Assert.Contains(layout.Layers, layer => layer.KernelSize < layout.RowSize);

        Assert.Equal(
            WeightError.OfLayers(original, reconstruction), WeightError.OfLayers(layout, Rows(original, 7), Rows(reconstruction, 8)));

        float[] Rows(Network network, float around)
        {
            var rows = new float[layout.Kernels * layout.RowSize];
            Array.Fill(rows, around);
            for (var l = 0; l < layout.Layers.Count; l++)
                layout.Write(network.Values(layout.Layers[l].Weight), l, rows);
            return rows;
        }
    }

    [Fact]
    public void All_layers_together_weigh_by_their_weights()
    {
        var all = WeightError.Sum([new("a", 3, 1, 10), new("b", 5, 8, 90)]);

        Assert.Equal(new WeightError("all", 8, 9, 100), all);
        Assert.Equal(0.3, all.Relative, 1e-15);
    }

    [Fact]
    public void Nothing_lost_of_nothing_is_no_error() => Assert.Equal(0, new WeightError("a", 1, 0, 0).Relative);
}
