using Nern.Onnx;
using Nern.Tests.Onnx;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class OnnxFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] Models =
        [.. new[] { "residual", "mobile", "squeeze", "dense", "plain", "mixture", "half" }.Select(OnnxFixture.Bytes)];

    [Fact]
    public void Altered_files_are_read_or_refused() => new FuzzRun(Read, output).Run(Models);

    [Fact]
    public void Altered_models_are_read_or_refused() => new FuzzRun(Read, output).Run(Models, (file, _, random) => OnnxMutation.Alter(file, random));

    [Fact]
    public void Models_that_are_read_are_written()
    {
        var random = new Generator(3);
        for (var i = 0; i < 2000; i++)
        {
            Nern.Networks.Network network;
            try
            {
                network = OnnxFile.Read(OnnxMutation.Alter(Models[i % Models.Length], random), "x");
            }
            catch (NernException)
            {
                continue;
            }
            OnnxFile.Read(OnnxFile.Write(network), "y");
        }
    }

    private static void Read(byte[] file) => OnnxFile.Read(file, "x");
}
