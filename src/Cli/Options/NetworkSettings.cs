using System.CommandLine;
using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Onnx;

namespace Nern.Cli.Options;

/// <summary>How the tensors of a checkpoint are read as a network.</summary>
/// <param name="sizeName">The option that says how large its images are; a command may have another --size.</param>
/// <param name="takesFeatures">Whether the network may end in features.</param>
internal sealed class NetworkSettings(string sizeName = "--size", bool takesFeatures = false)
{
    private readonly Option<string?> _architecture = Setting.Text(
        "--architecture", "NAME", $"What the checkpoint is of: {string.Join(", ", ArchitectureRegistry.Names)}.");

    private readonly Option<Shortcut?> _shortcut = Setting.OptionalChoice<Shortcut>(
        "--shortcut",
        "Shortcuts of a ResNet for CIFAR where the shape changes: A without parameters, B a 1x1 convolution "
        + "(default: as in the checkpoint).");

    private readonly Option<int?> _classes = Setting.OptionalNumber<int>(
        "--classes", "N", "Classes the network tells apart (default: as in the checkpoint).");

    private readonly Option<int?> _size = Setting.OptionalNumber<int>(
        sizeName, "N", "Rows and columns of the images it takes (default: 32 for a ResNet for CIFAR, else 224).");

    private readonly Option<string?> _logits = Setting.Text(
        "--logits", "NAME", "Which output of an ONNX model is the class scores, where it has several.");

    private readonly Option<bool> _features = Setting.Switch(
        "--features",
        "What comes out of an ONNX model is features, for a classifier of one's own, and not class scores: compared by their cosine and "
        + "relative error.");

    private readonly Option<string?> _state = Setting.Text(
        "--state", "NAME", "Which of the states of a checkpoint, such as ema, where several are of the architecture.");

    internal OptionGroup Group => new("Network", [_architecture, _shortcut, _classes, _size, _logits, .. Features, _state]);

    /// <summary>What an ONNX model may leave open.</summary>
    internal OptionGroup ModelGroup => new("ONNX model", [_size, _logits, .. Features]);

    private Option[] Features => takesFeatures ? [_features] : [];

    /// <summary>Whether the network is of a known architecture, whose images are normalised as is usual.</summary>
    internal bool NamesArchitecture(ParseResult result) => result.GetValue(_architecture) is not null;

    /// <summary>Reads the checkpoint or ONNX model at <paramref name="path"/>; says what of it the user may not expect.</summary>
    /// <param name="terminal">Where that is said.</param>
    /// <param name="path">The file.</param>
    /// <param name="result">The options given.</param>
    /// <param name="source">The images it is for, if any, whose classes tell which output of several is meant.</param>
    /// <exception cref="NernException">It cannot be read, or is not of the architecture given.</exception>
    internal Network Load(Terminal terminal, string path, ParseResult result, DataSource? source = null)
    {
        var file = NetworkFile.Open(path);
        if (file.HoldsGraph)
        {
            CheckAbsent(path, "an ONNX model, which holds its architecture", Group.Options.Except(ModelGroup.Options), result);
            var network = file.Network(new OnnxOptions
            {
                Size = result.GetValue(_size) is { } size ? (size, size) : null,
                Output = result.GetValue(_logits),
                EndsInFeatures = takesFeatures && result.GetValue(_features),
                Classes = source is null ? null : shape => source.For(shape).Test.Classes,
            });
            if (network.Graph is { EndsInFeatures: false, Nodes: [.., Sigmoid] })
                terminal.Report(
                    $"Note: the network ends in a sigmoid of {network.Graph.Logits} scores, a label each that may be there or not; they are compared "
                    + "as if exactly one were.");
            return network;
        }
        CheckAbsent(path, "no ONNX model", [_logits, .. Features], result);
        var name = result.GetValue(_architecture)
            ?? throw new NernException(
                $"'{path}' holds tensors and no architecture: "
                + $"name it with {_architecture.Name} ({string.Join(", ", ArchitectureRegistry.Names)}).");
        return file.Network(Architecture, result.GetValue(_state), note => terminal.Report($"Note: {note}"));

        Graph Architecture(Checkpoint checkpoint)
        {
            var shortcut = result.GetValue(_shortcut);
            if (shortcut is not null && !ArchitectureRegistry.HasShortcuts(name, checkpoint))
                throw new NernException($"Only ResNets for CIFAR have a choice of {_shortcut.Name}; {name} has none.");
            return ArchitectureRegistry.Build(name, checkpoint, shortcut, result.GetValue(_classes), result.GetValue(_size));
        }
    }

    /// <summary>The state that was chosen, if one was.</summary>
    internal string? State(ParseResult result) => result.GetValue(_state);

    /// <summary>Refuses what would contradict a file that holds its architecture.</summary>
    /// <exception cref="NernException">One of the options was given.</exception>
    internal void CheckAbsent(string path, ParseResult result) =>
        CheckAbsent(path, "a .nern file, which holds its architecture", Group.Options, result);

    /// <summary>Refuses options that make no sense for what a file is.</summary>
    /// <exception cref="NernException">One of the options was given.</exception>
    internal static void CheckAbsent(string path, string kind, IEnumerable<Option> options, ParseResult result)
    {
        if (options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
            throw new NernException($"'{path}' is {kind}: leave out {given.Name}.");
    }
}
