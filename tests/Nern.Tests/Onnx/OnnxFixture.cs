using Nern.Checkpoints;
using Nern.Evaluation;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Onnx.Protocol;

namespace Nern.Tests.Onnx;

/// <summary>The models that PyTorch exported with Fixtures/make_fixtures.py.</summary>
internal static class OnnxFixture
{
    internal static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Onnx", "Fixtures", name);

    internal static byte[] Bytes(string name) => File.ReadAllBytes(Path($"{name}.onnx"));

    internal static ModelProto Model(string name) => ModelProto.Parser.ParseFrom(Bytes(name));

    /// <summary>Images, and the logits that PyTorch gives for them.</summary>
    internal static (float[] Images, float[] Logits) Expected(string name)
    {
        var tensors = Checkpoint.Read(Path($"{name}.pth")).Tensors;
        return (tensors["images"].ToFloats(), tensors["logits"].ToFloats());
    }

    internal static float[] Logits(Network network, float[] images)
    {
        using var engine = new CpuEngine();
        using var classifier = new Classifier(engine, network, batch: 2);
        return classifier.Logits(images);
    }
}
