using Nern.OneDnn;
using Nern.Onnx;
using Nern.Orderings;
using Nern.Prediction;
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
        var read = 0;
        using var engine = new CpuEngine();
        new FuzzRun(Read, output).Run(
            [.. Enum.GetValues<OrderingKind>().Select(kind => NernBytes.Of(ExampleRepresentation.Create(kind, "flattened map"))),
                OfModel()], SealedMutation.Alter);

        void Read(byte[] file)
        {
            var representation = NernFile.Read(file, "x");
            // Now and then: compiling costs far more than reading.
            if (++read % 1000 != 0 || representation.Design!.Layout.Kernels >= 10_000)
                return;
            try
            {
                representation.Reconstruct(engine);
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
        var representation = ExampleRepresentation.Create(OrderingKind.None);
        return NernBytes.Of(new NeuralRepresentation(
            representation.Graph, representation.Design, representation.Parameters, representation.Tensors, representation.Provenance)
        {
            OnnxSkeleton = model.OnnxSkeleton,
        });
    }
}
