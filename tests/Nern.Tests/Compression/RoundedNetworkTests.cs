using Nern.Compression;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Fitting;

namespace Nern.Tests.Compression;

public class RoundedNetworkTests
{
    [Fact]
    public void One_layer_rounded_alone_leaves_all_others_as_they_began()
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(FoldedNetworkTests.Build("resnet8"), new Generator(1));
        float[] images = [.. RandomNetwork.Uniform(8 * network.Graph.InputShape.Count, new Generator(3)).Select(value => (float)value)];
        var rounded = new RoundedNetwork(engine, network, network, null);
        rounded.BeginInSteps(default, 0.7);
        var inputs = new LayerInputs(engine, network.Graph.InputShape, images);
        for (var part = 0; part < rounded.Parts.Count; part++)
        {
            rounded.WriteAlone(part, default, inputs, null);

            var (alone, start) = (rounded.ToNetwork(), rounded.Start);
            Assert.Equal(
                [rounded.Folded.Layers[part].Name],
                rounded.Folded.Layers.Select(layer => layer.Name).Where(name =>
                    !alone.Values($"{name}.weight").SequenceEqual(start.Values($"{name}.weight"))));
        }
    }

    [Fact]
    public void A_predictor_is_rounded_alone_as_a_whole()
    {
        using var subject = new FitCase();
        var fitted = new Fit(subject.Engine, subject.Network, subject.Inputs(), FitCase.Options).Run().Best;
        var network = new RoundedNetwork(subject.Engine, subject.Network, fitted.Reconstruct(subject.Engine), fitted.Design);
        using var predictor = new PredictorInputs(subject.Engine, fitted.Design!);
        network.BeginInSteps(fitted.Parameters.Span, 0.5);

        network.WriteAlone(network.Layers.Count, fitted.Parameters.Span, new LayerInputs(subject.Engine, subject.Shape, default), predictor);

        var (alone, start) = (network.ToNetwork(), network.Start);
        Assert.All(network.Folded.Layers, layer => Assert.Equal(start.Values($"{layer.Name}.weight"), alone.Values($"{layer.Name}.weight")));
        var shape = fitted.Design!.Shape;
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            var (first, count) = (shape.WeightOffset(layer), shape.RowsOf(layer) * shape.ColumnsOf(layer));
            Assert.False(network.Parameters.AsSpan(first, count).SequenceEqual(fitted.Parameters.Span.Slice(first, count)));
        }
        Assert.Equal(network.Layers.Count + 1, network.Parts.Count);
        Assert.Equal(network.Moving[0].Length, network.Parts.Sum());
    }

    [Fact]
    public void A_layer_of_twice_the_share_has_twice_the_step()
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(FoldedNetworkTests.Build("resnet8"), new Generator(1));
        var rounded = new RoundedNetwork(engine, network, network, null);
        rounded.Shares = [.. rounded.Parts.Select(_ => 1.0)];
        rounded.BeginInSteps(default, 0.5);
        float[] steps = [.. rounded.Matrices.Select(matrix => matrix.Step)];

        rounded.Shares = [.. rounded.Parts.Select((_, part) => part == 2 ? 2.0 : 1)];
        rounded.BeginInSteps(default, 0.5);

        Assert.Equal(steps.Select((step, matrix) => matrix == 2 ? 2 * step : step), rounded.Matrices.Select(matrix => matrix.Step));
    }
}
