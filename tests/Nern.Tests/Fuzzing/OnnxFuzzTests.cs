using Nern.Networks;
using Nern.Onnx;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;
using Nern.Tests.Onnx;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class OnnxFuzzTests(ITestOutputHelper output)
{
    private static readonly Dictionary<byte[], ModelProto> Models =
        new[] { "residual", "mobile", "squeeze", "dense", "plain", "mixture", "half" }.Select(OnnxFixture.Bytes)
            .ToDictionary(file => file, file => ModelProto.Parser.ParseFrom(file));

    [Fact]
    public void Altered_models_are_read_or_refused() => new FuzzRun(file => OnnxFile.Read(file, "x"), output).Run(
        [.. Models.Keys], (file, other, random) => random.NextInt32(3) == 0
            ? Mutation.Alter(file, other, random)
            : OnnxMutation.Alter(Models[file], random));

    [Fact]
    public void Models_that_are_read_are_written()
    {
        var (random, models) = (new Generator(3), Models.Values.ToArray());
        for (var i = 0; i < 2000; i++)
        {
            Network network;
            try
            {
                network = OnnxFile.Read(OnnxMutation.Alter(models[i % models.Length], random), "x");
            }
            catch (NernException)
            {
                continue;
            }
            OnnxFile.Read(network.ToOnnx(), "y");
        }
    }
}
