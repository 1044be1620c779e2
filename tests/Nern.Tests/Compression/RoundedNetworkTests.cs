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
        for (var matrix = 0; matrix < rounded.Matrices.Count; matrix++)
        {
            rounded.WriteAlone(matrix, default, inputs, null);

            var (alone, start) = (rounded.ToNetwork(), rounded.Start);
            Assert.Equal(
                [rounded.Folded.Layers[matrix].Name],
                rounded.Folded.Layers.Select(layer => layer.Name).Where(name =>
                    !alone.Values($"{name}.weight").SequenceEqual(start.Values($"{name}.weight"))));
        }
    }

    [Fact]
    public void One_layer_of_a_predictor_rounded_alone_leaves_all_others_as_they_began()
    {
        using var subject = new FitCase();
        var fitted = new Fit(subject.Engine, subject.Network, subject.Inputs(), FitCase.Options).Run().Best;
        var network = new RoundedNetwork(subject.Engine, subject.Network, fitted.Reconstruct(subject.Engine), fitted.Design);
        using var predictor = new PredictorInputs(subject.Engine, fitted.Design!);
        network.BeginInSteps(fitted.Parameters.Span, 0.5);
        var shape = fitted.Design!.Shape;
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            network.WriteAlone(network.Layers.Count + layer, fitted.Parameters.Span, new LayerInputs(subject.Engine, subject.Shape, default), predictor);

            for (var other = 0; other < shape.Depth; other++)
            {
                var (first, count) = (shape.WeightOffset(other), shape.RowsOf(other) * shape.ColumnsOf(other));
                Assert.Equal(
                    other != layer, network.Parameters.AsSpan(first, count).SequenceEqual(fitted.Parameters.Span.Slice(first, count)));
            }
        }
    }

    [Fact]
    public void A_matrix_of_twice_the_share_has_twice_the_step()
    {
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(FoldedNetworkTests.Build("resnet8"), new Generator(1));
        var rounded = new RoundedNetwork(engine, network, network, null);
        rounded.Shares = [.. rounded.Matrices.Select(_ => 1.0)];
        rounded.BeginInSteps(default, 0.5);
        float[] steps = [.. rounded.Matrices.Select(matrix => matrix.Step)];

        rounded.Shares = [.. rounded.Matrices.Select((_, matrix) => matrix == 2 ? 2.0 : 1)];
        rounded.BeginInSteps(default, 0.5);

        Assert.Equal(steps.Select((step, matrix) => matrix == 2 ? 2 * step : step), rounded.Matrices.Select(matrix => matrix.Step));
    }
}
