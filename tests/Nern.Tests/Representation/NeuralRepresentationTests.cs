using Nern.Networks;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Prediction;

namespace Nern.Tests.Representation;

public sealed class NeuralRepresentationTests
{
    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void Reconstruct_returns_every_kernel_in_original_order(OrderingKind kind)
    {
        var representation = ExampleRepresentation.Create(kind);
        var (design, reference) = (representation.Design!, new ReferencePredictor(representation.Design!));
        var parameters = PredictorCase.Doubles(representation.Parameters.Span);
        using var engine = new CpuEngine();

        var network = representation.Reconstruct(engine);

        for (var l = 0; l < design.Layout.Layers.Count; l++)
        {
            var layer = design.Layout.Layers[l];
            var expected = new double[layer.Kernels * layer.KernelSize];
            for (var position = 0; position < layer.Kernels; position++)
            {
                var row = reference.Predict(
                    parameters,
                    [
                        (double)l / design.Layout.Layers.Count, (double)(position / layer.Channels) / layer.Filters,
                        (double)(position % layer.Channels) / layer.Channels,
                    ]);
                // A 1x1 kernel is the middle of the 3x3 values.
                var kernel = layer.KernelSize == 1 ? [row[4]] : row;
                kernel.CopyTo(expected, design.Orderings[l].KernelAt[position] * layer.KernelSize);
            }
            Assert.Equal([layer.Filters, layer.Channels, layer.KernelHeight, layer.KernelWidth], network.Tensors[layer.Weight].Shape);
            Closeness.AssertClose(expected, PredictorCase.Doubles(network.Values(layer.Weight)), Closeness.Float32Tolerance, layer.Name);
        }
    }

    [Fact]
    public void What_is_not_predicted_is_passed_on_untouched()
    {
        var representation = ExampleRepresentation.Create(OrderingKind.CrossFilter);
        using var engine = new CpuEngine();

        var network = representation.Reconstruct(engine);

        Assert.Equal(representation.Tensors.Select(tensor => tensor.Key), network.Tensors.Keys);
        Assert.Same(representation.Provenance.Source, network.Source);
        foreach (var (name, tensor) in representation.Tensors)
            if (tensor is not null)
                Assert.Same(tensor, network.Tensors[name]);
    }

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        var parts = ExampleRepresentation.Create(OrderingKind.None);
        var other = ExampleRepresentation.Create(OrderingKind.None, "residual A");
        var count = parts.Parameters.Length;

        Assert.Equal(
            $"The predictor takes {count} parameters; got {count - 1}.", Refused(parts.Graph, parts.Parameters[1..], parts.Tensors));
        Assert.Contains("shortcut", Refused(other.Graph, parts.Parameters, parts.Tensors));

        var zeros = Tensor.From([6, 3, 3, 3], new float[162]);
        var bias = parts.Tensors.Where(t => t.Key == "bn1.bias");
        Assert.Contains("left out", RefusedTensors(parts.Tensors.Select(t => t.Key == "conv1.weight" ? new(t.Key, zeros) : t)));
        Assert.Contains("left out", RefusedTensors(parts.Tensors.Select(t => t.Key == "bn1.bias" ? new(t.Key, null) : t)));
        Assert.Contains("bn1.bias is missing", RefusedTensors(parts.Tensors.Except(bias)));
        Assert.Contains("bn1.bias is there twice", RefusedTensors(parts.Tensors.Concat(bias)));

        string RefusedTensors(IEnumerable<KeyValuePair<string, Tensor?>> tensors) => Refused(parts.Graph, parts.Parameters, [.. tensors]);

        string Refused(Graph graph, ReadOnlyMemory<float> parameters, IReadOnlyList<KeyValuePair<string, Tensor?>> tensors) =>
            Assert.Throws<NernException>(
                () => new NeuralRepresentation(graph, parts.Design, parameters, tensors, parts.Provenance)).Message;
    }
}
