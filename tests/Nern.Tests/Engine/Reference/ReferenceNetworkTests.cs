using Nern.Networks;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Reference;

/// <summary>The reference's own gradients are the slopes of what it computes.</summary>
public class ReferenceNetworkTests
{
    public static IEnumerable<object[]> Cases =>
        ExampleGraphs.Names.SelectMany(name => new[] { false, true }.Select(trains => new object[] { name, trains }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_slopes(string name, bool trains)
    {
        var random = new Generator(5);
        var graph = ExampleGraphs.Build(name);
        var reference = new ReferenceNetwork(RandomNetwork.Of(graph, random), trains);
        var shape = graph.InputShape;
        // Two would be normalised to 1 and -1, whatever they are.
        var samples = trains ? 3 : 1;
        Volume images;
        Volume[] values;
        do
        {
            images = new Volume(samples, shape.Channels, shape.Height, shape.Width, RandomNetwork.Uniform(samples * shape.Count, random));
            values = reference.Forward(images);
        }
        while (!ReferenceFunction.IsSmooth(graph, values, margin: 1e-5));
        var logitGradient = RandomNetwork.Uniform(samples * graph.Logits, random);
        var extra = graph.Nodes.OfType<Relu>().Select(relu => relu.Inputs[0]).Distinct()
            .ToDictionary(node => node, node => RandomNetwork.Uniform(values[node].Values.Length, random));
        double Loss()
        {
            var changed = reference.Forward(images);
            return CentralDifferences.Weighed(changed[^1].Values, logitGradient)
                + extra.Sum(term => CentralDifferences.Weighed(changed[term.Key].Values, term.Value));
        }

        foreach (var (parameter, gradient) in reference.Backward(values, logitGradient, extra))
        {
            // A few values of each parameter: central differences cost two forward passes for each.
            var weights = reference.Parameters[parameter];
            int[] picks = [.. Enumerable.Range(0, 3).Select(_ => random.NextInt32(weights.Length))];
            var slopes = picks.Select(pick => SlopeAt(weights, pick)).ToArray();
            Closeness.AssertClose(slopes, [.. picks.Select(pick => gradient[pick])], 1e-6, parameter);
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
