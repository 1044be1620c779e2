using Nern.Compression;
using Nern.Evaluation;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Representation;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Compression;

public class FoldedNetworkTests
{
    private static readonly string[] Names = [.. ExampleGraphs.Names, "resnet8", "biased norm"];

    public static TheoryData<string> Graphs => [.. Names];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void It_computes_what_the_network_does(string graph)
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(Build(graph), new Generator(1));
        AssertClose(Logits(engine, network), Logits(engine, FoldedNetwork.Of(network).Network), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void What_is_stored_computes_what_was_rounded(string graph)
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(Build(graph), new Generator(1));
        var rounded = new RoundedNetwork(engine, network, network, null);
        rounded.Begin(default, 3.3 * rounded.Moving[0].Length);
        // As if it had learned.
        foreach (var values in rounded.Moving)
            for (var i = 0; i < values.Length; i++)
                values[i] += 0.7f * (i % 5) - 1.4f;
        rounded.Write();
        var folded = rounded.Folded.Network;
        using var parameters = new Nern.Engine.NetworkParameters(engine, folded);
        var trained = folded.With(folded.Tensors.ToDictionary(
            pair => pair.Key, pair => rounded.Values.AsSpan(parameters.OffsetOf(pair.Key), pair.Value.Count).ToArray()));

        AssertClose(Logits(engine, trained), Logits(engine, rounded.Represent(new Provenance()).Reconstruct(engine)), 1e-3);
    }

    internal static Graph Build(string name) => name switch
    {
        "resnet8" => new ArchitectureName("resnet8", 10, Shortcut.B).Build(),
        "biased norm" => BiasedNorm(),
        _ => ExampleGraphs.Build(name),
    };

    private static Graph BiasedNorm()
    {
        var graph = new GraphBuilder(new(3, 8, 8));
        var value = graph.Append(new Convolution("conv1", [0], 6, 3, 3, Nern.Networks.Window.Square(1, 1), HasBias: true));
        value = graph.Relu(graph.Append(new BatchNorm("bn1", [value], 1e-3f)), "relu1");
        value = graph.Append(new BatchNorm("alone", [value]));
        value = graph.Append(new GlobalAveragePool("pool", [value]));
        graph.Append(new Gemm("linear", [graph.Append(new Flatten("flatten", [value]))], 4));
        return graph.Build();
    }

    private static float[] Logits(CpuEngine engine, Network network)
    {
        var random = new Generator(3);
        using var classifier = new Classifier(engine, network);
        return classifier.Logits([.. RandomNetwork.Uniform(8 * network.Graph.InputShape.Count, random).Select(value => (float)value)]);
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        var size = Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(
            expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (tolerance * size), pair.First + (tolerance * size)));
    }
}
