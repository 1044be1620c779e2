using System.CommandLine;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern evaluate</c>: how well a network, or the one a .nern file represents, classifies.</summary>
internal sealed class EvaluateCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly NetworkSettings _network = new(takesFeatures: true);
    private readonly ImageSettings _images = new("Test images");

    private readonly Argument<string> _file = new("FILE") { Description = "A .nern file, a checkpoint or an ONNX model." };

    private readonly Option<string?> _original = Setting.Text(
        "--original", "NETWORK",
        "Compare with this network: agreement, mean KL, the accuracy that it expects to be lost (which takes no labels), and the weight error of each layer.");

    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<Precision> _precision = Setting.Choice("--precision", Precision.Float32, "Precision of the activations.");
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal EvaluateCommand(Terminal terminal)
        : base("evaluate", """
            Prints the accuracy of a network, or of the network that a .nern file represents, on test images.

            A .nern file holds its architecture and how its images are normalised, an ONNX model its architecture; for a
            checkpoint --architecture says what it is of.
            """)
    {
        _terminal = terminal;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        _images.Require();
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE --data SOURCE [--original NETWORK] [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern evaluate resnet20.nern --data cifar10:cifar-10-batches-bin --original resnet20.th",
        "nern evaluate resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
        [_images.Group, new("Evaluation", [_original, _originalState, _precision, _json]), _network.Group];

    private int Run(ParseResult result)
    {
        var file = result.GetRequiredValue(_file);
        var named = _images.Source(result)!;
        var representation = NernFile.IsNern(file) ? NernFile.Load(file) : null;
        if (representation is not null)
            _network.CheckAbsent(file, result);
        using var engine = Engines.Open();
        var precision = Engines.Precision(_terminal, engine, result.GetValue(_precision));
        var network = representation?.Reconstruct() ?? _network.Load(_terminal, file, result, named);
        var originalState = result.GetValue(_originalState);
        if (originalState is not null && result.GetValue(_original) is null)
            throw new NernException($"{_originalState.Name} says which state of {_original.Name} is meant; give that as well.");
        var original = result.GetValue(_original) is { } path
            ? OriginalNetwork.Load(_terminal, path, originalState, network.Graph, representation)
            : null;

        if (network.Graph.EndsInFeatures && original is null)
            throw new NernException(
                $"'{file}' ends in features, which tell no classes apart: {_original.Name} says which network's to compare them with.");

        var source = named.For(network.Graph.InputShape);
        var normalization = _images.Normalization(result, network.Graph.InputShape.Channels, source, representation?.Provenance)!;
        var classified = Classify(network);
        ImageSettings.ReportUse(_terminal, network.Graph, source.Test);
        IReport report = new EvaluationReport(file, network.Graph.EndsInFeatures ? null : classified)
        {
            Comparison = original is null ? null : Comparison.Of(network.Graph, Classify(original).Logits, classified.Logits),
            Layers = original is null ? null : WeightError.OfLayers(original, network, representation?.Layers),
        };
        report.Print(_terminal, result.GetValue(_json));
        ImageSettings.ReportUnreadable(_terminal, source);
        return ExitCode.Success;

        Classification Classify(Network subject)
        {
            using var classifier = new Classifier(engine, subject, precision);
            return classifier.Classify(source.Test, normalization);
        }
    }
}
