using Nern.Networks;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Reference;

/// <summary>The reference's own gradients are the slopes of what it computes.</summary>
public class ReferenceNetworkTests
{
    public static TheoryData<string> Graphs => [.. ExampleGraphs.Names];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Gradients_are_slopes(string name)
    {
        var random = new Generator(5);
        var graph = ExampleGraphs.Build(name);
        var reference = new ReferenceNetwork(RandomNetwork.Of(graph, random));
        var shape = graph.InputShape;
        var images = new Volume(1, shape.Channels, shape.Height, shape.Width, RandomNetwork.Uniform(shape.Count, random));
        var values = reference.Forward(images);
        var logitGradient = RandomNetwork.Uniform(graph.Classes, random);
        var extra = graph.Nodes.OfType<Relu>().Select(relu => relu.Inputs[0]).Distinct()
            .ToDictionary(node => node, node => RandomNetwork.Uniform(values[node].Values.Length, random));
        double Loss()
        {
            var changed = reference.Forward(images);
            return CentralDifferences.Weighed(changed[^1].Values, logitGradient)
                + extra.Sum(term => CentralDifferences.Weighed(changed[term.Key].Values, term.Value));
        }

        foreach (var (layer, gradient) in reference.Backward(values, logitGradient, extra))
        {
            // A few weights of each layer: central differences cost two forward passes for each.
            var weights = reference.Parameters[$"{layer}.weight"];
            int[] picks = [.. Enumerable.Range(0, 3).Select(_ => random.NextInt32(weights.Length))];
            var slopes = picks.Select(pick => SlopeAt(weights, pick)).ToArray();
            Closeness.AssertClose(slopes, [.. picks.Select(pick => gradient[pick])], 1e-6, layer);
        }

        double SlopeAt(double[] weights, int index)
        {
            double[] one = [weights[index]];
            var slope = CentralDifferences.Of(() => { weights[index] = one[0]; return Loss(); }, one);
            weights[index] = one[0];
            return slope[0];
        }
    }
}
