using System.CommandLine;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern compare</c>: two files of one network side by side.</summary>
internal sealed class CompareCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly ImageSettings _images = new("Test images");

    private readonly Argument<string> _first = new("FILE") { Description = "A .nern file." };
    private readonly Argument<string> _second = new("OTHER") { Description = "Another, or a checkpoint or ONNX model." };
    private readonly Option<string?> _original = Setting.Text("--original", "NETWORK", "The network that both are of, to see how "
        + $"far each is from it.");
    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal CompareCommand(Terminal terminal)
        : base("compare", """
            Compares a .nern file with another, or with a network: sizes, accuracies, agreement, and layer by layer.

            The error of a layer is |W - W^| / |W|; between both files W is the first's.
            """)
    {
        _terminal = terminal;
        Add(_first);
        Add(_second);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE OTHER [--original NETWORK] [--data SOURCE] [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
        ["nern compare resnet20.nern small.nern --original resnet20.th --data cifar10:cifar-10-batches-bin"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Original", [_original, _originalState]), _images.Group, new("Format", [_json])];

    private int Run(ParseResult result)
    {
        var (first, second) = (result.GetRequiredValue(_first), result.GetRequiredValue(_second));
        var representation = NernFile.Load(first);
        if (result.GetValue(_original) is null && result.GetValue(_originalState) is not null)
            throw new NernException($"{_originalState.Name} goes with {_original.Name}.");
        var original = result.GetValue(_original) is { } path
            ? OriginalNetwork.Load(_terminal, path, result.GetValue(_originalState), representation.Graph, representation)
            : null;
        var network = representation.Reconstruct();
        var other = OtherNetwork.Load(second, representation.Graph);
        var source = _images.Source(result)?.For(representation.Graph.InputShape);
        var normalization = _images.Normalization(result, representation.Graph.InputShape.Channels, source, representation.Provenance);
        if (source is not null)
            ImageSettings.ReportUse(_terminal, representation.Graph, source.Test);
        using var engine = source is null ? null : Engines.Open();
        IReport report = ComparisonReport.Of((first, network), (second, other), original, subject =>
        {
            if (engine is null)
                return null;
            using var classifier = new Classifier(engine, subject, Precision.Float32);
            return classifier.Classify(source!.Test, normalization!);
        });
        report.Print(_terminal, result.GetValue(_json));
        ImageSettings.ReportUnreadable(_terminal, source);
        return ExitCode.Success;
    }
}
