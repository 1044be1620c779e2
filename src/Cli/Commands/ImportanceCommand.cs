using System.CommandLine;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Insight;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern importance</c>: which filters a representation gives back well, and what the network makes of them.</summary>
internal sealed class ImportanceCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly ImageSettings _images = new("Test images, for how active the map of each filter is");

    private readonly Argument<string> _file = new("FILE") { Description = "The .nern file." };
    private readonly Option<string?> _original = Setting.Text("--original", "NETWORK", "The network that it was fitted to.");
    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");
    private readonly Option<bool> _csv = Setting.Switch("--csv", "Print a table of all filters as CSV.");

    internal ImportanceCommand(Terminal terminal)
        : base("importance", """
            Shows how well each filter of a network is given back, and how active its map is (the paper's figure 5, right).

            The error of a filter is |w - w^| / |w| of its weights. The activation is the mean of its map in the original over
            places and images, behind the activation that follows the convolution; where none follows, that of its positive
            part. Below zero, the correlation of both says that a representation gives active filters back better. With --json
            there is also how alike the embedding makes channels (figure 8).
            """)
    {
        _terminal = terminal;
        _original.Required = true;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE --original NETWORK [--data SOURCE] [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
        ["nern importance resnet20.nern --original resnet20.th --data cifar10:cifar-10-batches-bin --csv"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Original", [_original, _originalState]), _images.Group, new("Format", [_json, _csv])];

    private int Run(ParseResult result)
    {
        var (json, csv) = (result.GetValue(_json), result.GetValue(_csv));
        if (json && csv)
            throw new NernException($"{_json.Name} and {_csv.Name} are two forms of one thing: give one of them.");
        var file = result.GetRequiredValue(_file);
        var representation = NernFile.Load(file);
        if (representation.Layers.Count == 0)
            throw new NernException($"'{file}' holds all convolutions as they were: none has an error.");
        var original = OriginalNetwork.Load(
            _terminal, result.GetRequiredValue(_original)!, result.GetValue(_originalState), representation.Graph, representation);
        var shape = representation.Graph.InputShape;
        var source = _images.Source(result)?.For(shape);
        var normalization = _images.Normalization(result, shape.Channels, source, representation.Provenance);
        MapActivations? activations = null;
        if (source is not null)
        {
            ImageSettings.ReportUse(_terminal, representation.Graph, source.Test);
            using var engine = Engines.Open();
            activations = MapActivations.Measure(engine, original, representation.Layers, source.Test, normalization!);
        }
        var filters = FilterImportance.OfLayers(original, representation.Reconstruct(), representation.Layers, activations);
        var report = new ImportanceReport(file, filters, activations?.Images,
            representation.Design is { } design ? EmbeddingSimilarity.Of(design) : null);
        if (csv)
            report.WriteCsv(_terminal);
        else
            ((IReport)report).Print(_terminal, json);
        ImageSettings.ReportUnreadable(_terminal, source);
        return ExitCode.Success;
    }
}
