using System.Text.Json.Nodes;
using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.Options;

namespace Nern.Compression;

/// <summary>
/// Everything that decides how a network is compressed. Values are checked by <see cref="Validate"/>, which a <see cref="Compressor"/> calls first.
/// </summary>
public sealed record CompressOptions
{
    private static readonly string[] OrderInFiles =
        ["size", "steps", "batch", "learningRate", "fmd", "mixing", "averaging", "kernels", "noise", "precision", "seed"];

    /// <summary>The size of the file.</summary>
    [Option(
        "The size of the file: bytes, or with % percent of the original's.", "docs/compression.md.", Shape = "BYTES|PERCENT")]
    public FileSize Size { get; init; } = new(5, IsPercent: true);

    /// <summary>Steps of distilling. Null is 4000, of noise 1000: more of those lead away from the images that it stands for.</summary>
    [Option("Steps of distilling. Auto is 4000, of noise 1000.", "docs/compression.md.", From = 1, To = 1e9)]
    public long? Steps { get; init; }

    /// <summary>Images a step takes.</summary>
    [Option("Images a step takes.", "That of a fit.", From = 1, To = 65536)]
    public int Batch { get; init; } = 64;

    /// <summary>How far a weight moves in a step at first, in steps of its integers. Null is 1e-3, of a file with a predictor 2e-3.</summary>
    [Option(
        "How far a weight moves in a step at first, in units of its integers. Auto is 1e-3, of a file with a predictor 2e-3.",
        "docs/compression.md.", Shape = "R", Above = 0, To = 1)]
    public double? LearningRate { get; init; }

    /// <summary>
    /// Weight of the feature maps' mean relative error, beside a weight of 1 of the logits' divergence. Null is 0.5, of noise 8: what maps are alike on
    /// holds for images too, what logits are alike on less.
    /// </summary>
    [Option(
        "Weight of the feature maps' mean relative error; the divergence of the logits has 1. Auto is 0.5, of noise 8.", "docs/compression.md.",
        Shape = "W", From = 0, To = 1e6)]
    public double? Fmd { get; init; }

    /// <summary>The share of images that are mixed with another. Null is all; none where they are noise.</summary>
    [Option(
        "The share of images that are mixed with another in a random proportion. Auto is 1, of noise 0.", "docs/compression.md.",
        Shape = "SHARE", From = 0, To = 1)]
    public double? Mixing { get; init; }

    /// <summary>The decay of an average of what moves, which is what is rounded into the file; 0 for none.</summary>
    [Option(
        "Decay of an average of what moves, which is what is evaluated and rounded into the file; 0 for none.", "docs/compression.md.",
        Shape = "DECAY", From = 0, Below = 1)]
    public double Averaging { get; init; }

    /// <summary>Which noise to distil on; none is images.</summary>
    [Option(
        "Distil on noise instead of images: uniform, or fractal, which looks more like them.",
        "Images are better where there are some (paper, 4.4).", Paper = "4.4", Bare = NoiseKind.Uniform)]
    public NoiseKind Noise { get; init; }

    /// <summary>Kernels through which the gradient flows to a predictor.</summary>
    [Option(
        "Kernels through which the gradient of a step flows to the predictor, where there is one; at most all.", "docs/compression.md.",
        From = 1, To = 1e8)]
    public int Kernels { get; init; } = 32768;

    /// <summary>Precision of products and activations; null is the processor's fastest.</summary>
    [Option("Precision while it distils; evaluations are always f32. Auto is bf16 where the processor has it, else f32.", "As in a fit.")]
    public Precision? Precision { get; init; }

    /// <summary>The seed of all randomness.</summary>
    [Option("Seed of all randomness.", "Any seed would do; a fixed one makes results repeatable.", Shape = "S")]
    public ulong Seed { get; init; }

    /// <summary>The options by name, for files.</summary>
    public JsonObject ToJson() => OptionSet<CompressOptions>.ToJson(this, OrderInFiles);

    /// <summary>Checks every value.</summary>
    /// <exception cref="NernException">A value is out of range; the message names it.</exception>
    public CompressOptions Validate()
    {
        OptionSet<CompressOptions>.Check(this);
        return this;
    }

    /// <summary>Steps of distilling on these inputs.</summary>
    internal long StepsOn(FitInputs inputs) => Steps ?? Auto(inputs, 4000L, 1000);

    /// <summary>These options, checked, with what they leave open decided.</summary>
    internal CompressOptions For(CpuEngine engine, FitInputs inputs, bool isPredicted) => Validate() with
    {
        Steps = StepsOn(inputs),
        LearningRate = LearningRate ?? (isPredicted ? 2e-3 : 1e-3),
        Precision = engine.Check(Precision ?? engine.Fastest()),
        Fmd = Fmd ?? Auto(inputs, 0.5, 8),
        Mixing = Mixing ?? Auto(inputs, 1.0, 0),
    };

    private static T Auto<T>(FitInputs inputs, T images, T noise) => inputs.Noise == NoiseKind.None ? images : noise;
}
