using Nern.Onnx;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;
using Xunit.Abstractions;

namespace Nern.Tests.Onnx;

/// <summary>Any models at all: NERN_MODELS names a folder of ONNX models for images of a fixed size, or of NERN_SIZE.</summary>
public sealed class ModelFolderTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Each_model_agrees_with_ONNX_Runtime()
    {
        var folder = Environment.GetEnvironmentVariable("NERN_MODELS");
        Skip.If(folder is null, "Set NERN_MODELS to a folder of ONNX models.");
        int? size = int.TryParse(Environment.GetEnvironmentVariable("NERN_SIZE"), out var given) ? given : null;
        var worst = 0.0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
        {
            try
            {
                var model = File.ReadAllBytes(path);
                var network = OnnxFile.Load(path, new() { Size = size is { } side ? (side, side) : null });
                var isSoftmax = ModelProto.Parser.ParseFrom(model).Graph.Node.Any(node => node.OpType == "Softmax");
                var (difference, largest) = Runtime.Compare(model, network, ending: isSoftmax ? Runtime.Softmax : null);
                var written = network.ToOnnx();
                var (again, _) = Runtime.Compare(written, network, ending: isSoftmax ? Runtime.Softmax : null);
                worst = Math.Max(worst, Math.Max(difference, again) / largest);
                output.WriteLine(FormattableString.Invariant(
                    $"{Path.GetFileName(path)}: {difference:0.0e+0} of {largest:0.000}, written again {again:0.0e+0}"));
            }
            catch (NernException exception)
            {
                output.WriteLine(exception.Message);
            }
        }
        Assert.InRange(worst, 0, 1e-4);
    }
}
