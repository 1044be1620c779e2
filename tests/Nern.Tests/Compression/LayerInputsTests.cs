using Nern.Compression;
using Nern.Evaluation;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Tests.Engine.Reference;
using Window = Nern.Networks.Window;

namespace Nern.Tests.Compression;

public class LayerInputsTests
{
    private const int Images = 6;

    public static TheoryData<string> Graphs => FoldedNetworkTests.Graphs;

    [Theory]
    [MemberData(nameof(Graphs))]
    public void A_layer_s_outputs_without_bias_have_the_second_moments_that_its_inputs_say(string graph)
    {
        using var engine = new CpuEngine();
        var folded = FoldedNetwork.Of(RandomNetwork.Of(FoldedNetworkTests.Build(graph), new Generator(1)));
        var images = Inputs(folded.Network.Graph);
        var inputs = new LayerInputs(engine, folded.Network.Graph.InputShape, images, positions: int.MaxValue);
        foreach (var layer in folded.Layers)
        {
            var moments = inputs.Moments(folded.Network, layer.Name);
            var weights = folded.Network.Values($"{layer.Name}.weight");
            var outputs = Outputs(engine, folded.Network, layer.Name, images);
            var places = outputs.Length / Images / layer.Rows;
            for (var row = 0; row < layer.Rows; row++)
            {
                var expected = Enumerable.Range(0, Images * places).Average(i =>
                    Math.Pow(outputs[(((i / places * layer.Rows) + row) * places) + (i % places)], 2));
                var group = moments[row / (layer.Rows / moments.Length)];
                var actual = 0.0;
                for (var i = 0; i < layer.Columns; i++)
                    for (var j = 0; j < layer.Columns; j++)
                        actual += weights[(row * layer.Columns) + i] * group[(i * layer.Columns) + j] * weights[(row * layer.Columns) + j];
                Assert.InRange(actual, (0.999 * expected) - 1e-6, (1.001 * expected) + 1e-6);
            }
        }
    }

    [Fact]
    public void Layers_that_were_asked_for_may_change_and_are_then_seen_as_they_are()
    {
        using var engine = new CpuEngine();
        var network = FoldedNetwork.Of(RandomNetwork.Of(FoldedNetworkTests.Build("resnet8"), new Generator(1)));
        var (images, changed) = (Inputs(network.Network.Graph), network.Network);
        var inputs = new LayerInputs(engine, changed.Graph.InputShape, images);
        foreach (var layer in network.Layers)
        {
            var name = $"{layer.Name}.weight";
            var expected = new LayerInputs(engine, changed.Graph.InputShape, images).Moments(changed, layer.Name)[0];
            var actual = inputs.Moments(changed, layer.Name)[0];
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * expected.Max()));
            changed = changed.With(
                new Dictionary<string, float[]> { [name] = Array.ConvertAll(changed.Values(name), value => 1.5f * value) });
        }
    }

    [Fact]
    public void A_part_of_the_places_tells_about_the_same_and_the_same_each_time()
    {
        using var engine = new CpuEngine();
        var builder = new GraphBuilder(new(2, 16, 16));
        builder.Append(new Convolution("conv", [0], 3, 3, 3, Window.Square(1, 1)));
        var network = RandomNetwork.Of(builder.Build(), new Generator(1));
        var images = Inputs(network.Graph);
        double[] Of(int positions) => new LayerInputs(engine, network.Graph.InputShape, images, positions).Moments(network, "conv")[0];
        var (all, some) = (Of(int.MaxValue), Of(Images * 100));

        Assert.NotEqual(all, some);
        Assert.All(all.Zip(some), pair => Assert.InRange(pair.Second, pair.First - 0.2, pair.First + 0.2));
        Assert.Equal(some, Of(Images * 100));
    }

    [Fact]
    public void Rounding_by_inputs_changes_the_logits_less_than_rounding_to_the_nearest()
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(FoldedNetworkTests.Build("resnet8"), new Generator(1));
        var images = Inputs(network.Graph, 64);
        var (nearest, byInputs) = (new RoundedNetwork(engine, network, network, null), new RoundedNetwork(engine, network, network, null));
        nearest.BeginInSteps(default, 0.7);
        byInputs.BeginInSteps(default, 0.7);
        byInputs.RoundByInputs(new LayerInputs(engine, network.Graph.InputShape, images.AsMemory(0, images.Length / 2)));

        // None is on the verge of another integer.
        Assert.All(byInputs.Moving[0], weight => Assert.InRange(Math.Abs(weight - MathF.Round(weight)), 0, 0.4501));
        // On images that it has not seen, too.
        Assert.InRange(Error(byInputs), 0, 0.8 * Error(nearest));

        double Error(RoundedNetwork rounded)
        {
            var (expected, actual) = (Logits(rounded.Folded.Network), Logits(rounded.Represent(new()).Reconstruct(engine)));
            return expected.Zip(actual).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
        }

        float[] Logits(Network of)
        {
            using var classifier = new Classifier(engine, of);
            return classifier.Logits(images.AsSpan(images.Length / 2));
        }
    }

    private static float[] Inputs(Graph graph, int count = Images) =>
        [.. RandomNetwork.Uniform(count * graph.InputShape.Count, new Generator(3)).Select(value => (float)value)];

    private static float[] Outputs(CpuEngine engine, Network network, string layer, float[] images)
    {
        var last = network.Graph.Nodes.Index().First(node => node.Item.Name == layer).Index;
        var graph = new Graph([.. network.Graph.Nodes.Take(last + 1)]);
        using var classifier = new Classifier(engine, new(graph,
        [
            .. graph.Parameters.Select(parameter => parameter.Name).Select(name => KeyValuePair.Create(
                name, network.Tensors[name] is var tensor && name == $"{layer}.bias"
                    ? Nern.Tensors.Tensor.From(tensor.Shape, new float[tensor.Count]) : tensor)),
        ]));
        return classifier.Logits(images);
    }
}
