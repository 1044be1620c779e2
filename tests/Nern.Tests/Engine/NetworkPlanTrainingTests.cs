using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Engine;

public sealed class NetworkPlanTrainingTests : IDisposable
{
    private const int Batch = 4;

    private readonly CpuEngine _engine = new();

    public static TheoryData<string> Graphs => [.. ExampleGraphs.TrainableNames];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Logits_and_the_gradients_of_all_parameters_are_those_of_the_reference(string name)
    {
        var random = new Generator(7);
        var network = RandomNetwork.Of(ExampleGraphs.Build(name), random);
        var reference = new ReferenceNetwork(network, trains: true);
        using var parameters = new NetworkParameters(_engine, network);
        using var plan = NetworkPlan.Training(_engine, network, parameters, Batch, Precision.Float32);
        // Twice, so that the second run would show what the first left behind.
        for (var run = 0; run < 2; run++)
        {
            var (images, values) = Draw(network.Graph, reference, random);
            for (var i = 0; i < plan.Images.Length; i++)
                plan.Images[i] = (float)images.Values[i];
            var logitGradient = RandomNetwork.Uniform(Batch * network.Graph.Logits, random);

            plan.Forward();
            Closeness.AssertClose(values[^1].Values, NetworkPlanForwardTests.Doubles(plan.Logits), Closeness.Float32Tolerance, "logits");
            for (var i = 0; i < logitGradient.Length; i++)
                plan.LogitGradient[i] = (float)logitGradient[i];
            plan.Backward();

            var expected = reference.Backward(values, logitGradient, new Dictionary<int, double[]>());
            Assert.Equal(expected.Count, parameters.Tensors.Count());
            foreach (var (parameter, gradient) in expected)
                AssertClose(gradient, NetworkPlanForwardTests.Doubles(
                    parameters.Gradients.Slice(parameters.OffsetOf(parameter), gradient.Length)), parameter);
        }
    }

    [SkippableTheory]
    [InlineData("residual A")]
    [InlineData("residual B")]
    [InlineData("squeeze")]
    public void BFloat16_gradients_point_where_those_of_float32_do(string name)
    {
        Skip.IfNot(_engine.SupportsBFloat16, "oneDNN has no right bfloat16 on this processor.");
        var network = RandomNetwork.Of(ExampleGraphs.Build(name), new Generator(3));
        var (wide, narrow) = (Gradients(network, Precision.Float32), Gradients(network, Precision.BFloat16));
        Assert.InRange(Dot(wide, narrow) / Math.Sqrt(Dot(wide, wide) * Dot(narrow, narrow)), 0.98, 1);

        static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
    }

    [Fact]
    public void A_node_that_cannot_be_trained_is_refused_by_name()
    {
        var network = RandomNetwork.Of(ExampleGraphs.Build("factors"), new Generator(7));
        using var parameters = new NetworkParameters(_engine, network);
        var message = Assert.Throws<NernException>(
            () => NetworkPlan.Training(_engine, network, parameters, Batch, Precision.Float32)).Message;
        Assert.Equal("Node 'images' (ChannelAffine) cannot be trained.", message);
    }

    [Fact]
    public void Running_statistics_follow_those_of_the_batch()
    {
        var random = new Generator(7);
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual B"), random);
        var reference = new ReferenceNetwork(network, trains: true);
        using var parameters = new NetworkParameters(_engine, network);
        using var plan = NetworkPlan.Training(_engine, network, parameters, Batch, Precision.Float32);
        var (images, values) = Draw(network.Graph, reference, random);
        for (var i = 0; i < plan.Images.Length; i++)
            plan.Images[i] = (float)images.Values[i];
        plan.Forward();

        foreach (var norm in network.Graph.Nodes.OfType<BatchNorm>())
        {
            var input = values[norm.Inputs[0]];
            var count = (double)Batch * input.Height * input.Width;
            var (mean, variance) = ReferenceBatchNormalization.Statistics(input);
            AssertFollows("running_mean", mean, 1);
            AssertFollows("running_var", variance, count / (count - 1));

            void AssertFollows(string suffix, double[] batch, double correction)
            {
                var before = network.Values($"{norm.Name}.{suffix}");
                var after = parameters.Statistics.AsSpan(parameters.OffsetOf($"{norm.Name}.{suffix}"), before.Length);
                Closeness.AssertClose(
                    [.. before.Select((value, i) => (0.9 * value) + (0.1 * correction * batch[i]))], NetworkPlanForwardTests.Doubles(after),
                    Closeness.Float32Tolerance, $"{norm.Name}.{suffix}");
            }
        }
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_step_allocates_nothing_and_gives_the_same_bits(Precision precision)
    {
        Skip.If(
            precision == Precision.BFloat16 && !_engine.SupportsBFloat16,
            "oneDNN has no right bfloat16 on this processor.");
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual A"), new Generator(3));
        Assert.Equal(Gradients(network, precision), Gradients(network, precision));
        using var parameters = new NetworkParameters(_engine, network);
        using var plan = NetworkPlan.Training(_engine, network, parameters, Batch, precision);
        for (var i = 0; i < 3; i++)
            Step(plan);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++)
            Step(plan);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Parameters_become_the_network_again()
    {
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(3));
        using var parameters = new NetworkParameters(_engine, network);
        var again = parameters.ToNetwork(parameters.Values, parameters.Statistics);
        foreach (var (name, tensor) in network.Tensors)
            Assert.Equal(tensor.ToFloats(), again.Values(name));
    }

    private double[] Gradients(Network network, Precision precision)
    {
        using var parameters = new NetworkParameters(_engine, network);
        using var plan = NetworkPlan.Training(_engine, network, parameters, Batch, precision);
        var random = new Generator(5);
        foreach (ref var value in plan.Images)
            value = (float)random.NextNormal();
        Step(plan);
        return NetworkPlanForwardTests.Doubles(parameters.Gradients);
    }

    private static void Step(NetworkPlan plan)
    {
        plan.LoadWeights();
        plan.Forward();
        for (var i = 0; i < plan.LogitGradient.Length; i++)
            plan.LogitGradient[i] = 0.3f - (i % 3);
        plan.Backward();
    }

    /// <summary>Images that keep every value before a ReLU so far from 0, and so on, that rounding does not open or close it.</summary>
    private static (Volume Images, Volume[] Values) Draw(Graph graph, ReferenceNetwork reference, Generator random)
    {
        var shape = graph.InputShape;
        while (true)
        {
            var images = new Volume(
                Batch, shape.Channels, shape.Height, shape.Width, RandomNetwork.Uniform(Batch * shape.Count, random));
            var values = reference.Forward(images);
            if (ReferenceFunction.IsSmooth(graph, values, margin: 3e-6))
                return (images, values);
        }
    }

    // The gradient of a bias before a batch normalisation, or of what is constant, is exactly 0; float32 leaves crumbs.
    private static void AssertClose(double[] expected, double[] actual, string parameter)
    {
        if (expected.Max(Math.Abs) < 1e-9)
            Assert.All(actual, value => Assert.InRange(value, -1e-5, 1e-5));
        else
            Closeness.AssertClose(expected, actual, 5 * Closeness.Float32Tolerance, parameter);
    }
}
