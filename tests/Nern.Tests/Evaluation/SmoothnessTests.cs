using Nern.Evaluation;
using Nern.Kernels;
using Nern.Orderings;
using Nern.Paths;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Objectives;
using Nern.Tests.Prediction;

namespace Nern.Tests.Evaluation;

public sealed class SmoothnessTests
{
    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void The_figures_of_a_layer_are_those_of_its_kernels_in_that_order(OrderingKind kind)
    {
        // Kernels of 3x3 and 1x1.
        var graph = ExampleGraphs.Build("residual B");
        var network = RandomNetwork.Of(graph, new Generator(1));
        var layers = LearnableLayer.AllOf(graph);

        var smoothness = Smoothness.OfLayers(network, layers, kind);

        Assert.Equal(layers.Select(layer => layer.Name), smoothness.Select(layer => layer.Layer));
        foreach (var (layer, actual) in layers.Zip(smoothness))
        {
            var weights = network.Values(layer.Weight);
            var order = OrderingBuilder.Build(kind, new OrderingInput(weights, layer.Filters, layer.Channels, layer.KernelSize)).KernelAt;
            var kernels = PredictorCase.Doubles(weights).Chunk(layer.KernelSize).ToArray();
            double[] ordered = [.. order.ToArray().SelectMany(kernel => kernels[kernel])];

            Assert.Equal(ReferenceSmoothness.Of(ordered, layer.Filters, layer.Channels, layer.KernelSize), actual.Sum, 1e-9);
            Assert.Equal(ReferenceSmoothness.Pairs(layer.Filters, layer.Channels).Count(), actual.Pairs);
            Assert.Equal(layer.Kernels, actual.Kernels);
        }
    }

    [Fact]
    public void A_gradual_change_that_was_shuffled_is_found_again()
    {
        int[] shuffled = [0, 7, 3, 9, 1, 5, 2, 8, 4, 6];
        float[] weights = [.. shuffled.SelectMany(place => (float[])[MathF.Cos(0.1f * place), MathF.Sin(0.1f * place), 0, 0])];
        KeyValuePair<string, Tensor>[] tensors = [new("a.weight", Tensor.From([1, 10, 2, 2], weights))];

        Assert.InRange(Smoothness.OfTensors(tensors, OrderingKind.None)[0].Mean, 0.05, 0.3);
        foreach (var kind in (OrderingKind[])[OrderingKind.InFilter, OrderingKind.CrossFilter])
            Assert.Equal(1 - Math.Cos(0.1), Smoothness.OfTensors(tensors, kind)[0].Mean, 1e-6);
    }

    [Fact]
    public void Of_tensors_without_an_architecture_those_count_that_look_like_convolutions()
    {
        KeyValuePair<string, Tensor>[] tensors =
        [
            new("conv.weight", Tensor.From([2, 3, 3, 3], new float[54])),
            new("linear.weight", Tensor.From([2, 3], new float[6])),
            new("wide.weight", Tensor.From([2, 3, 1, 3], new float[18])),
            new("counts", new Tensor(ElementType.Int64, [1, 1, 1, 1], new byte[8])),
            new("empty", Tensor.From([0, 3, 3, 3], [])),
            new("half", new Tensor(ElementType.Float16, [4, 1, 1, 1], new byte[8])),
        ];

        // Zeros are at distance 1 from one another as 3x3 kernels, and the same as 1x1 ones.
        Assert.Equal([new("conv", 6, 7, 7), new("half", 4, 3, 0)], Smoothness.OfTensors(tensors, OrderingKind.CrossFilter));
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.CrossFilter)]
    public void A_layer_with_a_weight_that_is_no_number_has_none_and_the_others_keep_theirs(OrderingKind kind)
    {
        var broken = new float[54];
        broken[20] = float.NaN;
        KeyValuePair<string, Tensor>[] tensors =
            [new("a", Tensor.From([2, 3, 3, 3], broken)), new("b", Tensor.From([2, 3, 3, 3], new float[54]))];

        Assert.Equal([double.NaN, 7], Smoothness.OfTensors(tensors, kind).Select(layer => layer.Sum));
    }

    [Fact]
    public void All_layers_together_weigh_by_their_pairs()
    {
        var all = Smoothness.Total([new("a", 3, 2, 1), new("b", 9, 8, 6), new("c", 1, 0, 0)]);

        Assert.Equal(new Smoothness("all", 13, 10, 7), all);
        Assert.Equal(0.7, all.Mean, 1e-15);
    }

    [Fact]
    public void A_single_kernel_has_no_neighbours() => Assert.Equal(0, new Smoothness("a", 1, 0, 0).Mean);
}
