using Nern.Kernels;
using Nern.Objectives;
using Nern.Tests.Fitting;

namespace Nern.Tests.Objectives;

public sealed class KernelImportanceTests : IDisposable
{
    private readonly FitCase _case = new();
    private readonly KernelLayout _layout;
    private readonly float[] _target;

    public KernelImportanceTests()
    {
        var layers = LearnableLayer.AllOf(_case.Network.Graph);
        _layout = new KernelLayout(layers);
        _target = new float[_layout.Kernels * _layout.RowSize];
        for (var l = 0; l < layers.Count; l++)
            _layout.Write(_case.Network.Values(layers[l].Weight), l, _target);
    }

    public void Dispose() => _case.Dispose();

    [Fact]
    public void Without_weighting_there_are_no_weights() => Assert.Empty(Of(KernelWeighting.None));

    [Theory]
    [InlineData(KernelWeighting.Layer)]
    [InlineData(KernelWeighting.Fisher)]
    public void The_mean_over_the_weights_of_the_network_is_one(KernelWeighting weighting)
    {
        var weights = Of(weighting);

        var mean = Enumerable.Range(0, _layout.Kernels)
            .Sum(k => weights[k] * _layout.Layers[_layout.LayerOf(k)].KernelSize) / _layout.WeightCount;

        Assert.Equal(1, mean, 1e-5);
        Assert.All(weights, weight => Assert.True(weight >= 0));
        Assert.Equal(weights, Of(weighting));
    }

    [Fact]
    public void Weighted_by_layer_each_layer_of_zeros_costs_as_much_a_weight()
    {
        var weights = Of(KernelWeighting.Layer);
        var zeros = new float[_target.Length];

        var costs = Enumerable.Range(0, _layout.Layers.Count).Select(
            l =>
                weights[_layout.Offsets[l]] * _layout.SquaredDistance(
                    zeros, _target, l) / (_layout.Layers[l].Kernels * _layout.Layers[l].KernelSize))
            .ToArray();

        Assert.All(costs, cost => Assert.Equal(costs[0], cost, costs[0] * 1e-5));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void Fisher_information_is_the_change_of_the_answers(int logits)
    {
        using var subject = new FitCase(logits);
        // To second order KL(p || p') = 1/2 d' F d. One kernel at a time, along all its nine directions, that sums to half the trace.
        var images = _case.Inputs().Images!;
        var information = FisherInformation.Of(subject.Engine, subject.Network, _layout, images, new Generator(5));
        Assert.Equal(_layout.Kernels, information.Length);

        foreach (var kernel in new[] { 0, 1, _layout.Kernels - 1 })
        {
            var expected = Enumerable.Range(0, _layout.Layers[_layout.LayerOf(kernel)].KernelSize)
                .Sum(value => 2 * Divergence(subject, kernel, value, 0.02f) / (0.02 * 0.02));
            // Classes are drawn at random 512 times.
            Assert.InRange(information[kernel], 0.6 * expected, 1.5 * expected);
        }
    }

    /// <summary>The mean KL to the original over all images where one value is changed, in both directions.</summary>
    private double Divergence(FitCase subject, int kernel, int value, float change)
    {
        var layer = _layout.LayerOf(kernel);
        var name = _layout.Layers[layer].Weight;
        var images = new float[32 * subject.Shape.Count];
        for (var i = 0; i < 32; i++)
            subject.Inputs().Images!.Write(new(i, 0), images.AsSpan(i * subject.Shape.Count, subject.Shape.Count));
        using var plain = new Nern.Evaluation.Classifier(subject.Engine, subject.Network);
        var original = plain.Logits(images);
        return new[] { change, -change }.Average(delta =>
        {
            var weights = subject.Network.Values(name);
            weights[((kernel - _layout.Offsets[layer]) * _layout.Layers[layer].KernelSize) + value] += delta;
            using var changed = new Nern.Evaluation.Classifier(
                subject.Engine, subject.Network.With(new Dictionary<string, float[]> { [name] = weights }));
            return Nern.Evaluation.Agreement.Of(original, changed.Logits(images), subject.Network.Graph.Logits).MeanDivergence;
        });
    }

    private float[] Of(KernelWeighting weighting) =>
        KernelImportance.Of(
            weighting, _case.Engine, _case.Network,
            new ReconstructionTarget(_layout, [.. _layout.Layers.Select(layer => _case.Network.Values(layer.Weight))]),
            _case.Inputs().Images, 1);
}
