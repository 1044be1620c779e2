using Nern.Engine;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Engine;

public class NetworkPlanBackwardTests
{
    public static TheoryData<string> Graphs => [.. ExampleGraphs.Names];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Weight_gradients_are_those_of_the_reference(string name)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), Precision.Float32);
        // Twice, so that the second frame would show what the first left behind.
        for (var frame = 0; frame < 2; frame++)
            AssertGradients(nets, Closeness.Float32Tolerance);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void BFloat16_weight_gradients_are_those_of_the_reference(ulong seed)
    {
        // Few values, all of them too far from 0 for a ReLU to open in only one of the two: that were a whole term, not a rounding.
        using var nets = new PlanCase(ExampleGraphs.Short(size: 3), Precision.BFloat16, batch: 1, seed, margin: 0.012);
        AssertGradients(nets, Closeness.BFloat16Tolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Graphs))]
    public void BFloat16_weight_gradients_point_where_those_of_the_reference_do(string name)
    {
        // Usually they differ by 1 %; but where rounding opens or closes a ReLU, or moves a maximum, by a whole term of few.
        using var nets = new PlanCase(ExampleGraphs.Build(name), Precision.BFloat16, batch: 8, seed: 4);
        foreach (var (layer, expected, actual) in Gradients(nets))
        {
            var cosine = Dot(expected, actual) / Math.Sqrt(Dot(expected, expected) * Dot(actual, actual));
            Assert.True(cosine > 0.98, $"The gradients of {layer} have a cosine of {cosine:g3}.");
            Assert.InRange(Dot(actual, actual) / Dot(expected, expected), 0.8, 1.25);
        }
    }

    [Fact]
    public void Feature_maps_without_loss_contribute_nothing()
    {
        using var nets = new PlanCase(ExampleGraphs.Build("residual A"), Precision.Float32);
        nets.Reconstruction.FeatureMaps[1].Loss = null;
        nets.Reconstruction.FeatureMaps[4].Loss = null;
        AssertGradients(nets, Closeness.Float32Tolerance);
    }

    [Theory]
    [InlineData("conv1")]
    [InlineData("block1.conv2")]
    [InlineData("block2.conv2")]
    [InlineData("conv1,block2.conv1")]
    public void Some_layers_may_be_left_as_they_are(string learnable)
    {
        using var nets = new PlanCase(
            ExampleGraphs.Build("residual B"), Precision.Float32, learnable: learnable.Split(',').ToHashSet());
        Assert.Equal(learnable.Split(','), nets.Reconstruction.Layers.Select(layer => layer.Name));
        AssertGradients(nets, Closeness.Float32Tolerance);
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_training_micro_batch_allocates_nothing(Precision precision)
    {
        using var nets = new PlanCase(ExampleGraphs.Build("residual A"), precision);
        for (var i = 0; i < 3; i++)
            Frame(nets);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++)
            Frame(nets);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void The_same_numbers_give_the_same_bits(Precision precision)
    {
        Assert.Equal(Bits(precision), Bits(precision));

        static List<double[]> Bits(Precision precision)
        {
            using var nets = new PlanCase(ExampleGraphs.Build("residual B"), precision, batch: 7);
            nets.Numbers(nets.Original.Images.Length).CopyTo(nets.Original.Images);
            Frame(nets);
            return
            [
                NetworkPlanForwardTests.Doubles(nets.Reconstruction.Logits),
                .. nets.Reconstruction.FeatureMaps.Select(map => map.Products.Select(product => product.StudentTeacher).ToArray()),
                .. nets.Reconstruction.Layers.Select(PlanCase.Gradient),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Where_means_of_filters_are_known_gradients_have_none(string name)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), Precision.Float32);
        nets.TrainOn();
        foreach (var layer in nets.Reconstruction.Layers)
        {
            var filters = PlanCase.Gradient(layer).Chunk(layer.Shape[1] * layer.Shape[2] * layer.Shape[3]);

            Closeness.AssertClose(
                [.. filters.SelectMany(filter => filter.Select(value => value - filter.Average()))], PlanCase.Gradient(layer, hasMeans: true),
                Closeness.Float32Tolerance);
        }
    }

    [Fact]
    public async Task A_plan_made_on_one_thread_runs_on_another()
    {
        using var nets = new PlanCase(ExampleGraphs.Build("squeeze"), Precision.Float32);
        for (var i = 0; i < 2; i++)
            await Task.Factory.StartNew(
                () => AssertGradients(nets, Closeness.Float32Tolerance),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();

    private static void Frame(PlanCase nets)
    {
        nets.Reconstruction.LoadWeights();
        nets.Reconstruction.Forward();
        nets.Reconstruction.LogitGradient.Fill(0.5f);
        nets.Reconstruction.Backward();
    }

    private static List<(string Layer, double[] Expected, double[] Actual)> Gradients(PlanCase nets)
    {
        var expected = nets.TrainOn();
        return [.. nets.Reconstruction.Layers.Select(layer => (layer.Name, expected[$"{layer.Name}.weight"], PlanCase.Gradient(layer)))];
    }

    private static void AssertGradients(PlanCase nets, double tolerance)
    {
        foreach (var (layer, expected, actual) in Gradients(nets))
            Closeness.AssertClose(expected, actual, tolerance, $"gradient of {layer}");
    }
}
