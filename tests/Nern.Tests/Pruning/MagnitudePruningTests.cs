using FsCheck;
using FsCheck.Fluent;
using Nern.Kernels;
using Nern.Orderings;
using Nern.Pruning;
using Nern.Representation;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Representation;

namespace Nern.Tests.Pruning;

public class MagnitudePruningTests
{
    private static readonly NeuralRepresentation Example = ExampleRepresentation.Create(OrderingKind.CrossFilter);

    [Fact]
    public void The_smallest_weights_become_0_and_the_others_stay()
    {
        Prop.ForAll(Gen.Choose(0, 1000).Select(share => share / 1000.0).ToArbitrary(), sparsity =>
        {
            var pruned = Example.Prune(sparsity, PruningScope.Global);
            var (before, after) = (Weights(Example).SelectMany(w => w).ToArray(), Weights(pruned).SelectMany(w => w).ToArray());
            var gone = before.Zip(after).Where(pair => pair.Second == 0).Select(pair => Math.Abs(pair.First)).ToList();
            var kept = before.Zip(after).Where(pair => pair.Second != 0).ToList();
            Assert.Equal((int)Math.Round(sparsity * before.Length), gone.Count);
            Assert.All(kept, pair => Assert.Equal(pair.First, pair.Second));
            Assert.True(gone.DefaultIfEmpty().Max() <= kept.Select(pair => Math.Abs(pair.First)).DefaultIfEmpty(float.MaxValue).Min());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Each_layer_loses_the_same_share_where_that_is_asked_for()
    {
        foreach (var weights in Weights(Example.Prune(0.3)))
            Assert.Equal((int)Math.Round(0.3 * weights.Length), weights.Count(weight => weight == 0));
        Assert.NotEqual(
            Weights(Example.Prune(0.3, PruningScope.Global)).Select(weights => weights.Count(weight => weight == 0)),
            Weights(Example.Prune(0.3)).Select(weights => weights.Count(weight => weight == 0)));
    }

    [Fact]
    public void Biases_and_what_is_not_predicted_stay()
    {
        var pruned = Example.Prune(1);
        var shape = Example.Design!.Shape;
        for (var layer = 0; layer < shape.Depth; layer++)
            Assert.Equal(
                Example.Parameters.Slice(shape.BiasOffset(layer), shape.RowsOf(layer)).ToArray(),
                pruned.Parameters.Slice(shape.BiasOffset(layer), shape.RowsOf(layer)).ToArray());
        Assert.Equal(Example.Tensors, pruned.Tensors);
        Assert.Equal(1, (double)pruned.Provenance.Options!["sparsity"]!);
        Assert.Equal("layer", (string)pruned.Provenance.Options!["pruning"]!);
    }

    [Fact]
    public void Convolutions_of_a_network_lose_theirs()
    {
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(1));
        var pruned = network.Prune(0.5, PruningScope.Global);
        var layers = LearnableLayer.AllOf(network.Graph).Select(layer => layer.Weight).ToHashSet();
        Assert.Equal(
            (int)Math.Round(0.5 * layers.Sum(layer => network.Tensors[layer].Count)),
            layers.Sum(layer => pruned.Values(layer).Count(weight => weight == 0)));
        Assert.All(network.Tensors.Keys.Except(layers), name => Assert.Equal(network.Values(name), pruned.Values(name)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Shares_out_of_range_are_refused(double sparsity)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Example.Prune(sparsity));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(1)).Prune(sparsity));
    }

    [Fact]
    public void Integers_are_not_pruned()
    {
        Assert.Contains("integers already", Assert.Throws<NernException>(() => SmallExample.Predicted(Example).Prune(0.5)).Message);
        Assert.Contains("integers already", Assert.Throws<NernException>(() => SmallExample.Named().Prune(0.5)).Message);
    }

    private static IEnumerable<float[]> Weights(NeuralRepresentation representation) =>
        representation.Design!.Shape.Weights.Select(weight => representation.Parameters.Slice(weight.Offset, weight.Count).ToArray());
}
