using Nern.Networks;
using Nern.Onnx;

namespace Nern.Tests.Onnx;

/// <summary>Models that people's tools wrote: each is read and agrees with ONNX Runtime, or is refused in one right sentence.</summary>
public sealed class CasesTests
{
    private static readonly Dictionary<string, string> Refusals = new()
    {
        ["08-segmentation-map-output"] = "is an ONNX model whose output 'conv25' is 10 maps of 16x16; expected a score for each class, which classifiers yield.",
        ["09-batchnorm-opset9-training-five-outputs"] = "has 1 node that cannot be run: BatchNormalization is in training mode",
        ["10-nan-kernel"] = "has NaN as element 5 of the tensor 'conv9.weight' of layer 'conv9'; expected a finite number.",
        ["10d-inf-kernel"] = "has Infinity as element 3 of the tensor 'conv9.weight' of layer 'conv9'; expected a finite number.",
        ["10e-negative-variance"] = "has -1.0395217 as element 0 of the tensor 'bn4.running_var' of layer 'bn4'; expected a variance above 0.",
    };

    // Float16 inside, of which we know more digits.
    private static readonly string[] Half = ["01b-fp16-keep-io-types-no-softmax", "73-float16-input-and-output"];

    [SkippableFact]
    public void Each_agrees_with_ONNX_Runtime_or_is_refused()
    {
        var problems = new List<string>();
        foreach (var path in Directory.EnumerateFiles(RealData.Path("../cases"), "*.onnx").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            try
            {
                if (Refusals.TryGetValue(name, out var sentence))
                    Assert.StartsWith($"'{path}' {sentence}", Assert.Throws<NernException>(() => Load(path)).Message);
                else
                    AssertAgrees(name, path);
            }
            catch (Exception exception)
            {
                problems.Add($"{name}: {exception.Message}");
            }
        }
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    private static Network Load(string path) =>
        OnnxFile.Load(path, new() { Size = Path.GetFileName(path).StartsWith("06") && !path.Contains("fixed") ? (32, 32) : null });

    private static void AssertAgrees(string name, string path)
    {
        var (model, network) = (File.ReadAllBytes(path), Load(path));
        if (name == "20c-argmax-output")
            Runtime.AssertAgrees(model, network, output: "argmax31", ending: logits => [Array.IndexOf(logits, logits.Max())]);
        else
            Runtime.AssertAgrees(
                model, network, Half.Contains(name) ? 5e-3 : 2e-5,
                ending: name switch
                {
                    "02-identity-after-softmax" or "52-softmax-on-4d-then-flatten" => Runtime.Softmax,
                    "07-one-logit-binary" => Runtime.Sigmoid,
                    _ => null,
                });
    }
}
