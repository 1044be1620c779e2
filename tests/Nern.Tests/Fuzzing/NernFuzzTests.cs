using Nern.Kernels;
using Nern.Onnx;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tests.Onnx;
using Nern.Tests.Representation;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class NernFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Altered_nern_files_are_read_or_refused()
    {
        new FuzzRun(Read, output).Run(
            [.. Enum.GetValues<OrderingKind>().Select(kind => NernBytes.Of(ExampleRepresentation.Create(kind, "flattened map"))),
                NernBytes.Of(ExampleRepresentation.Create(
                    OrderingKind.CrossFilter, "squeeze", options: new() { Predictor = new() { KernelReading = KernelReading.Block } })),
                OfModel()], SealedMutation.Alter);

        void Read(byte[] file)
        {
            var representation = NernFile.Read(file, "x");
            // Of the others the sums would take long.
            if (representation.Design!.Layout.Kernels >= 10_000 || representation.Parameters.Length >= 100_000)
                return;
            try
            {
                representation.ToOnnx();
            }
            catch (NernException exception)
            {
                throw new NernException($"'x' {exception.Message}", exception);
            }
        }
    }

    private static byte[] OfModel()
    {
        var model = OnnxFile.Read(OnnxFixture.Bytes("residual"), "x.onnx");
        var design = new PredictorDesign(
            new KernelLayout(LearnableLayer.AllOf(model.Graph)), [.. LearnableLayer.AllOf(model.Graph).Select(layer => Ordering.None(layer.Filters, layer.Channels))],
            CoordinateNormalization.Local, new PositionalEmbedding(1.25, 4), hidden: 8, depth: 3);
        var parameters = new float[design.Shape.ParameterCount];
        Array.Fill(parameters, 0.1f);
        var predicted = design.Layout.Layers.Select(layer => layer.Weight).ToHashSet();
        return NernBytes.Of(new NeuralRepresentation(
            model.Graph, design, parameters,
            [.. model.Tensors.Select(t => KeyValuePair.Create(t.Key, predicted.Contains(t.Key) ? null : t.Value))], new())
        {
            OnnxSkeleton = model.OnnxSkeleton,
        });
    }
}
