using System.CommandLine;
using System.Text;
using Nern.Checkpoints;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Pages;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Files;
using Nern.Insight;
using Nern.Kernels;
using Nern.Logs;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern report</c>: one page that shows what a representation has learnt.</summary>
internal sealed class ReportCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly ImageSettings _images = new("Test images");

    private readonly Argument<string> _file = new("FILE") { Description = "The .nern file." };

    private readonly Option<string?> _original = Setting.Text(
        "--original", "NETWORK", "The network that it was fitted to, for kernels, errors and importance.");

    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<string?> _compare = Setting.Text(
        "--compare", "OTHER", "Another .nern file or network, to show beside this one.");

    private readonly Option<string?> _output = Setting.Text("--output", "PAGE", "The HTML file to write.", "-o");

    internal ReportCommand(Terminal terminal)
        : base("report", """
            Writes one HTML page about a .nern file: how good, how big, how it was made, and what it has learnt.

            The page needs no network and no other file, and tells what to give for what it leaves out. The course of the fit
            is taken from FILE.log.jsonl where that is beside the file.
            """)
    {
        _terminal = terminal;
        _output.DefaultValueFactory = _ => "report.html";
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE [--original NETWORK] [--data SOURCE] [--compare OTHER] [-o PAGE] [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
        ["nern report resnet20.nern --original resnet20.th --data cifar10:cifar-10-batches-bin -o resnet20.html"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
        [new("Result", [_output]), new("Networks", [_original, _originalState, _compare]), _images.Group];

    private int Run(ParseResult result)
    {
        var (file, output, path) = (result.GetRequiredValue(_file), result.GetRequiredValue(_output)!, result.GetValue(_original));
        var compared = result.GetValue(_compare);
        string?[] sources = [file, FitWatcher.LogOf(file), path, compared];
        OutputFile.Check(output, [.. sources.OfType<string>()]);
        var representation = NernFile.Load(file);
        if (path is null && result.GetValue(_originalState) is not null)
            throw new NernException($"{_originalState.Name} goes with {_original.Name}.");
        var original = path is null
            ? null
            : OriginalNetwork.Load(_terminal, path, result.GetValue(_originalState), representation.Graph, representation);
        var graph = representation.Graph;
        var shape = graph.InputShape;
        var named = _images.Source(result);
        var source = named?.For(shape);
        var normalization = _images.Normalization(result, shape.Channels, source, representation.Provenance);
        using var engine = source is null ? null : Engines.Open();
        var reconstruction = representation.Reconstruct();
        var other = compared is null ? null : OtherNetwork.Load(compared, representation.Graph);
        var layers = representation.Layers;
        if (source is not null)
            ImageSettings.ReportUse(_terminal, representation.Graph, source.Test);
        var activations = source is null || original is null || layers.Count == 0
            ? null
            : MapActivations.Measure(engine!, original, layers, source.Test, normalization!);
        var classified = new Dictionary<Network, Classification>();
        var (given, expected) = (Classify(reconstruction), original is null ? null : Classify(original));
        var findings = new Findings(
            file, representation, reconstruction, RepresentationSizes.Of(file), OrderingBytes(file, layers),
            original is null ? UsualSizes.Of(representation.Graph) : UsualSizes.Of(original), FitLog.Read(FitWatcher.LogOf(file)))
        {
            Original = original,
            Images = named?.ToString(),
            Features = graph.EndsInFeatures && given is not null && expected is not null
                ? FeatureAgreement.Of(expected.Logits, given.Logits, graph.Logits) : null,
            Given = graph.EndsInFeatures ? null : given,
            Expected = graph.EndsInFeatures ? null : expected,
            Comparison = other is null ? null : ComparisonReport.Of((file, reconstruction), (compared!, other), original, Classify),
            Filters = original is null ? [] : FilterImportance.OfLayers(original, reconstruction, layers, activations),
            ActivationImages = activations?.Images,
            Smoothness = SmoothnessTable.Of(_terminal, (kind, progress, cancellation) =>
                Smoothness.OfLayers(original ?? reconstruction, layers, kind, progress, cancellation)).Orders,
        };
        var page = Encoding.UTF8.GetBytes(Page.Of(findings));
        AtomicFile.Write(output, stream => stream.Write(page));
        _terminal.Output.WriteLine($"Wrote {output}: {Figures.Bytes(page.Length)}.");
        ImageSettings.ReportUnreadable(_terminal, source);
        return ExitCode.Success;

        Classification? Classify(Network network)
        {
            if (engine is null)
                return null;
            if (classified.TryGetValue(network, out var known))
                return known;
            using var classifier = new Classifier(engine, network, Precision.Float32);
            return classified[network] = classifier.Classify(source!.Test, normalization!);
        }
    }

    private static Dictionary<string, long> OrderingBytes(string file, IReadOnlyList<LearnableLayer> layers)
    {
        var tensors = Checkpoint.Read(file).Tensors;
        return layers.Select(layer => (layer.Name, Bytes: Sum(layer.Name))).Where(layer => layer.Bytes > 0)
            .ToDictionary(layer => layer.Name, layer => layer.Bytes);

        // One tensor, or of an in-filter order two.
        long Sum(string layer) => new[] { "", ".filters", ".channels" }.Sum(
            part => tensors.TryGetValue($"ordering.{layer}{part}", out var tensor) ? tensor.Data.Length : 0L);
    }
}
