using System.Globalization;
using System.Text.Json.Nodes;
using Nern.Coding;
using Nern.Compression;
using Nern.Data;
using Nern.Evaluation;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Bench.Sizes;

/// <summary>Stores a network in many ways, and evaluates what comes back.</summary>
internal sealed class Comparison
{
    private const int LargestImages = 128 << 20;

    private readonly CpuEngine _engine;
    private readonly Network _original;
    private readonly LabelledImages _test;
    private readonly Normalization _normalization;
    private readonly Classification _expected;
    private readonly Action<Row> _found;

    /// <param name="engine">The engine.</param>
    /// <param name="original">The network.</param>
    /// <param name="test">What to evaluate on.</param>
    /// <param name="normalization">How images are normalised.</param>
    /// <param name="found">Told of each row.</param>
    internal Comparison(CpuEngine engine, Network original, LabelledImages test, Normalization normalization, Action<Row> found)
    {
        (_engine, _original, _test, _normalization, _found) = (engine, original, test, normalization, found);
        using var classifier = new Classifier(engine, original);
        _expected = classifier.Classify(test, normalization);
        Add("original", Path.GetExtension(original.Source!.Name)[1..], original.Source.Bytes, original);
    }

    /// <summary>Usual roundings, by usual compressors.</summary>
    internal void AddUsual()
    {
        var halves = With(_original, tensor => tensor.As(ElementType.Float16).ToFloats());
        Add("float16", "numbers alone", UsualSizes.Of(_original).Float16, halves);
        var folded = FoldedNetwork.Of(_original).Network;
        foreach (var bits in new[] { 8, 5 })
        {
            var rounded = With(folded, tensor => FilterIntegers.ToFloats(tensor, bits));
            var bytes = FilterIntegers.ToBytes(folded.Tensors.Values, bits);
            Add($"int{bits} a filter", "Brotli", Brotli.Compress(bytes).Length, rounded);
            Add($"int{bits} a filter", "zstd", Zstandard(bytes), rounded);
            Add($"int{bits} a filter", "LZMA", Lzma.Compress(bytes).Length, rounded);
        }
    }

    /// <summary>Files of ours without distilling, each weight rounded to the nearest.</summary>
    internal void AddUniform(IEnumerable<double> ratios) => AddRounded("nearest integer and our coder", ratios, null);

    /// <summary>Files of ours without distilling, weights rounded by what they do to their inputs.</summary>
    /// <param name="ratios">Steps.</param>
    /// <param name="train">Images; their labels are not used.</param>
    /// <param name="count">How many.</param>
    internal void AddGptq(IReadOnlyCollection<double> ratios, LabelledImages train, int count)
    {
        if (ratios.Count == 0)
            return;
        count = Math.Min(Math.Min(count, train.Count), LargestImages / train.ImageLength);
        var images = (count < train.Count ? train.SetAside(count).Aside : train).ReadAll(_normalization);
        AddRounded("GPTQ and our coder", ratios, () => new(_engine, _original.Graph.InputShape, images));
    }

    /// <summary>A file of ours.</summary>
    /// <exception cref="NernException">It is none, or of another kind of network.</exception>
    internal void AddFile(string path)
    {
        var representation = NernFile.Load(path);
        if (representation.Graph.Logits != _original.Graph.Logits || representation.Graph.InputShape != _original.Graph.InputShape)
            throw new NernException(
                $"'{path}' is of another network: {representation.Graph.InputShape} to {representation.Graph.Logits} logits.");
        Add("nern compress", Path.GetFileNameWithoutExtension(path), new FileInfo(path).Length, representation.Reconstruct(_engine));
    }

    private void AddRounded(string method, IEnumerable<double> ratios, Func<LayerInputs>? inputs)
    {
        foreach (var ratio in ratios)
        {
            var network = new RoundedNetwork(_engine, _original, _original, null);
            network.BeginInSteps(default, ratio);
            if (inputs is not null)
                network.RoundByInputs(inputs());
            var representation = network.Represent(Provenance.Of(_original.Source, _normalization, new JsonObject { ["step"] = ratio }));
            // Through a file, as whoever gets one.
            var path = Path.GetTempFileName();
            try
            {
                NernFile.Save(path, representation);
                Add(
                    method, string.Create(CultureInfo.InvariantCulture, $"step {ratio}"), new FileInfo(path).Length,
                    NernFile.Load(path).Reconstruct(_engine));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private static Network With(Network network, Func<Tensor, float[]> values) => network.With(
        network.Tensors.Where(tensor => FilterIntegers.IsValue(tensor.Value))
            .ToDictionary(tensor => tensor.Key, tensor => values(tensor.Value)));

    private void Add(string method, string setting, long bytes, Network network)
    {
        using var classifier = new Classifier(_engine, network);
        var answers = classifier.Classify(_test, _normalization);
        var divergence = Evaluation.Agreement.Of(_expected.Logits, answers.Logits, _original.Graph.Logits).MeanDivergence;
        _found(new(method, setting, bytes, answers.Accuracy.Share, answers.Accuracy, divergence));
    }

    private static int Zstandard(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor(ZstdSharp.Compressor.MaxCompressionLevel);
        return compressor.Wrap(bytes).Length;
    }
}
