using Nern.Engine;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Engine;

public class NetworkPlanForwardTests
{
    public static TheoryData<string, Precision> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision>();
            foreach (var name in ExampleGraphs.Names)
            {
                cases.Add(name, Precision.Float32);
                cases.Add(name, Precision.BFloat16);
            }
            return cases;
        }
    }

    private static double Tolerance(Precision precision) =>
        precision == Precision.BFloat16 ? Closeness.BFloat16Tolerance : Closeness.Float32Tolerance;

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Inference_yields_the_logits_of_the_reference(string name, Precision precision)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), precision);
        using var plan = NetworkPlan.Inference(nets.Engine, nets.OriginalNetwork, nets.Original.Batch, precision);
        var (expected, _) = nets.Forward();
        nets.Original.Images.CopyTo(plan.Images);
        plan.Forward();
        Closeness.AssertClose(expected[^1].Values, Doubles(plan.Logits), Tolerance(precision), "logits");
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Original_and_reconstruction_yield_the_logits_of_the_reference(string name, Precision precision)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), precision);
        for (var run = 0; run < 2; run++)
        {
            var (original, reconstructed) = nets.Forward();
            Closeness.AssertClose(original[^1].Values, Doubles(nets.Original.Logits), Tolerance(precision), "logits of the original");
            Closeness.AssertClose(
                reconstructed[^1].Values, Doubles(nets.Reconstruction.Logits), Tolerance(precision), "logits of the reconstruction");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Feature_maps_are_measured_sample_by_sample(string name, Precision precision)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), precision);
        var (original, reconstructed) = nets.Forward();
        foreach (var map in nets.Reconstruction.FeatureMaps)
        {
            var (s, t) = (reconstructed[map.Node], original[map.Node]);
            var where = $"of {nets.Graph.Nodes[map.Node].Name}";
            var products = map.Products;
            Closeness.AssertClose(Products(s, s), [.. products.Select(p => p.StudentStudent)], Tolerance(precision), $"s·s {where}");
            Closeness.AssertClose(Products(t, t), [.. products.Select(p => p.TeacherTeacher)], Tolerance(precision), $"t·t {where}");
            // s·t may cancel: what counts is its error against |s| |t|.
            double[] norms = [.. Products(s, s).Zip(Products(t, t), (x, y) => Math.Sqrt(x * y))];
            Closeness.AssertClose(
                [.. Products(s, t).Zip(norms, (x, norm) => (x / norm) + 1)],
                [.. products.Zip(norms, (p, norm) => (p.StudentTeacher / norm) + 1)], Tolerance(precision), $"s·t {where}");
        }
    }

    [Fact]
    public void Feature_maps_are_the_inputs_of_the_relus_and_sums_count_twice()
    {
        using var nets = new PlanCase(ExampleGraphs.Build("residual A"), Precision.Float32);
        var maps = nets.Reconstruction.FeatureMaps.Select(map => (nets.Graph.Nodes[map.Node].Name, map.Weight));
        Assert.Equal([("bn1", 1), ("block1.bn1", 1), ("block1.add", 2), ("block2.bn1", 1), ("block2.add", 2)], maps);
        Assert.Empty(nets.Original.FeatureMaps);
        Assert.Empty(nets.Original.Layers);
    }

    [Fact]
    public void Feature_maps_are_the_inputs_of_ReLUs_with_a_ceiling_too_and_of_no_other_function()
    {
        using var ceilings = new PlanCase(ExampleGraphs.Build("ceilings"), Precision.Float32);
        var maps = ceilings.Reconstruction.FeatureMaps.Select(map => (ceilings.Graph.Nodes[map.Node].Name, map.Weight));
        Assert.Equal([("expand.bn", 1), ("depthwise.bn", 1), ("add", 2)], maps);
        using var functions = new PlanCase(ExampleGraphs.Build("functions"), Precision.Float32);
        Assert.Empty(functions.Reconstruction.FeatureMaps);
    }

    [Fact]
    public void A_feature_map_without_loss_is_not_measured()
    {
        using var nets = new PlanCase(ExampleGraphs.Short(), Precision.Float32);
        nets.Reconstruction.FeatureMaps[0].Loss = null;
        nets.Forward();
        Assert.All(nets.Reconstruction.FeatureMaps[0].Products, product => Assert.Equal(default, product));
        Assert.All(nets.Reconstruction.FeatureMaps[1].Products, product => Assert.NotEqual(default, product));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void The_original_yields_the_same_bits_alone_and_alongside_a_reconstruction(string name, Precision precision)
    {
        using var nets = new PlanCase(ExampleGraphs.Build(name), precision);
        nets.Forward();
        var alongside = nets.Original.Logits.ToArray();
        foreach (var map in nets.Reconstruction.FeatureMaps.Take(1))
            map.Loss = null;
        nets.Reconstruction.Forward();
        Assert.Equal(alongside, nets.Original.Logits.ToArray());
        nets.Original.Forward();
        Assert.Equal(alongside, nets.Original.Logits.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_batch_size_yields_the_same_logits(int batch)
    {
        using var nets = new PlanCase(ExampleGraphs.Build("residual B"), Precision.Float32, batch);
        var (expected, _) = nets.Forward();
        Assert.Equal(batch * nets.Graph.Logits, nets.Original.Logits.Length);
        Closeness.AssertClose(expected[^1].Values, Doubles(nets.Original.Logits), Closeness.Float32Tolerance, "logits");
    }

    [Fact]
    public void Refuses_an_empty_batch()
    {
        using var nets = new PlanCase(ExampleGraphs.Short(), Precision.Float32);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkPlan.Inference(nets.Engine, nets.OriginalNetwork, 0, Precision.Float32));
    }

    [Fact]
    public void Refuses_weights_of_another_size_by_name()
    {
        using var nets = new PlanCase(ExampleGraphs.Short(), Precision.Float32);
        var message = Assert.Throws<ArgumentException>(() => nets.Reconstruction.Layers[1].Load(new float[5])).Message;
        Assert.StartsWith("conv2 has 315 weights; got 5.", message);
    }

    internal static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = values[i];
        return result;
    }

    private static double[] Products(Volume left, Volume right)
    {
        var size = left.Values.Length / left.Samples;
        return [.. Enumerable.Range(0, left.Samples).Select(sample =>
            Enumerable.Range(sample * size, size).Sum(i => left.Values[i] * right.Values[i]))];
    }
}
