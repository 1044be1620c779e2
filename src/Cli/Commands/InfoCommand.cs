using System.CommandLine;
using Nern.Checkpoints;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Evaluation;
using Nern.NetworkFiles;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern info</c>: what a file holds.</summary>
internal sealed class InfoCommand : Command, IDocumented
{
    private readonly Terminal _terminal;

    private readonly Argument<string> _file = new("FILE") { Description = "A .nern file, a checkpoint or an ONNX model." };

    private readonly Option<string?> _state = Setting.Text(
        "--state", "NAME", "Which of the states of a checkpoint (default: the one with most tensors).");

    private readonly NetworkSettings _network = new();

    private readonly Option<string?> _original = Setting.Text(
        "--original", "NETWORK", "Of a .nern file: the network that it was fitted to, to compare the sizes of both.");

    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal InfoCommand(Terminal terminal)
        : base("info", """
            Shows what a .nern file or a checkpoint holds.

            For a .nern file: the network, the predictor, where it comes from, and what each part takes of the file.
            For a checkpoint: its tensors. For both, how smooth the kernels are: how far neighbours are from each other,
            as they stand and in each ordering.

            A .nern file is held against the file of its original and against the original's numbers in float32 and float16;
            with --original also against integers of 8 bits with a scale a filter, compressed by LZMA.
            """)
    {
        _terminal = terminal;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern info resnet20.nern", "nern info resnet20.nern --original resnet20.th"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
        [new("Original", [_original, _originalState]), new("Checkpoint", [_state]), _network.ModelGroup, new("Format", [_json])];

    private int Run(ParseResult result)
    {
        var file = result.GetRequiredValue(_file);
        IReport report = NernFile.IsNern(file) ? OfRepresentation(file, result) : OfCheckpoint(file, result);
        report.Print(_terminal, result.GetValue(_json));
        return ExitCode.Success;
    }

    private RepresentationReport OfRepresentation(string file, ParseResult result)
    {
        _network.CheckAbsent(file, result);
        NetworkSettings.CheckAbsent(file, "a .nern file, which has no states", [_state], result);
        var representation = NernFile.Load(file);
        if (result.GetValue(_original) is null && result.GetValue(_originalState) is not null)
            throw new NernException($"{_originalState.Name} goes with {_original.Name}.");
        var usual = result.GetValue(_original) is { } original
            ? UsualSizes.Of(OriginalNetwork.Load(
                _terminal, original, result.GetValue(_originalState), representation.Graph, representation))
            : UsualSizes.Of(representation.Graph);
        var network = representation.Reconstruct();
        var smoothness = SmoothnessTable.Of(_terminal, (kind, progress, cancellation) =>
            Smoothness.OfLayers(network, representation.Layers, kind, progress, cancellation));
        return new(file, representation, RepresentationSizes.Of(file), usual, smoothness);
    }

    private CheckpointReport OfCheckpoint(string file, ParseResult result)
    {
        NetworkSettings.CheckAbsent(file, "no .nern file, which alone has an original", [_original, _originalState], result);
        var opened = NetworkFile.Open(file);
        NetworkSettings.CheckAbsent(
            file, opened.HoldsGraph ? "an ONNX model" : "no ONNX model", opened.HoldsGraph ? [_state] : _network.ModelGroup.Options, result);
        var checkpoint = opened.HoldsGraph
            ? new Checkpoint(_network.Load(_terminal, file, result).Tensors)
            : opened.Checkpoint(result.GetValue(_state));
        var smoothness = SmoothnessTable.Of(_terminal, (kind, progress, cancellation) =>
            Smoothness.OfTensors(checkpoint.Tensors, kind, progress, cancellation));
        return new(file, checkpoint, opened.States, smoothness);
    }
}
