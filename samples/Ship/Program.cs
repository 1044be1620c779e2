// ship [PICTURE [MODEL.onnx]]: classifies a picture by a network that the program carries in 54 KB, or by an ONNX model to compare with
using System.Diagnostics;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Nern.Representation;
using SkiaSharp;

string[] classes = ["disc", "ring", "square", "hexagon", "triangle", "star", "cross", "stripes", "checks", "dots"];
var clock = Stopwatch.StartNew();

// The network: from the resource to a session.
using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("shapes.nern")!;
var file = NernFile.Load(resource);
if (args.Length > 1)
    clock.Restart();
using var session = args.Length > 1 ? new InferenceSession(args[1]) : new InferenceSession(file.ToOnnx());
var milliseconds = clock.Elapsed.TotalMilliseconds;

// The picture, at the size that the network takes, normalised as it was trained.
var shape = file.Graph.InputShape;
using var picture = SKBitmap.Decode(args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "ring.png"))
    .Resize(new SKImageInfo(shape.Width, shape.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
var image = new float[shape.Count];
var (mean, std) = (file.Provenance.Mean!, file.Provenance.Std!);
for (var y = 0; y < shape.Height; y++)
    for (var x = 0; x < shape.Width; x++)
    {
        var colour = picture.GetPixel(x, y);
        byte[] channels = [colour.Red, colour.Green, colour.Blue];
        for (var c = 0; c < channels.Length; c++)
            image[(((c * shape.Height) + y) * shape.Width) + x] = ((channels[c] / 255f) - mean[c]) / std[c];
    }

using var input = OrtValue.CreateTensorValueFromMemory(image, [1, shape.Channels, shape.Height, shape.Width]);
using var output = session.Run(new RunOptions(), ["input"], [input], ["logits"]);
var logits = output[0].GetTensorDataAsSpan<float>().ToArray();
var best = logits.Max();
var sum = logits.Sum(logit => MathF.Exp(logit - best));
foreach (var (logit, name) in logits.Zip(classes).OrderByDescending(pair => pair.First).Take(3))
    Console.WriteLine(FormattableString.Invariant($"{name,-10}{MathF.Exp(logit - best) / sum,8:P1}   logit {logit:R}"));
Console.WriteLine(FormattableString.Invariant(
    $"{resource.Length} bytes carried, session after {milliseconds:F0} ms, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most"));
