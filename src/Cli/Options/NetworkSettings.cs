using System.CommandLine;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Cli.Options;

/// <summary>How the tensors of a checkpoint are read as a network.</summary>
internal sealed class NetworkSettings
{
    private readonly Option<string?> _architecture = Setting.Text(
        "--architecture", "NAME", $"What the checkpoint is of: {string.Join(", ", Architectures.Names)}.");

    private readonly Option<Shortcut?> _shortcut = Setting.OptionalChoice<Shortcut>(
        "--shortcut",
        "Shortcuts of a ResNet for CIFAR where the shape changes: A without parameters, B a 1x1 convolution (default: as in the checkpoint).");

    private readonly Option<int?> _classes = Setting.OptionalNumber<int>(
        "--classes", "N", "Classes the network tells apart (default: as in the checkpoint).");

    private readonly Option<int?> _size = Setting.OptionalNumber<int>(
        "--size", "N", "Rows and columns of the images it takes (default: 32 for a ResNet for CIFAR, else 224).");

    private readonly Option<string?> _state = Setting.Text(
        "--state", "NAME", "Which of the states of a checkpoint, such as ema, where several are of the architecture.");

    internal OptionGroup Group => new("Network", [_architecture, _shortcut, _classes, _size, _state]);

    /// <summary>Reads the checkpoint or ONNX model at <paramref name="path"/>; says what of it the user may not expect.</summary>
    /// <exception cref="NernException">It cannot be read, or is not of the architecture given.</exception>
    internal Network Load(Terminal terminal, string path, ParseResult result)
    {
        var file = NetworkFile.Open(path);
        if (file.HoldsGraph)
        {
            CheckAbsent(path, "an ONNX model", Group.Options.Except([_size]), result);
            return file.Network(result.GetValue(_size) is { } size ? new ImageShape(3, size, size) : null);
        }
        var name = result.GetValue(_architecture)
            ?? throw new NernException(
                $"'{path}' holds tensors and no architecture: name it with --architecture ({string.Join(", ", Architectures.Names)}).");
        return file.Network(
            checkpoint => Architectures.Build(name, checkpoint, result.GetValue(_shortcut), result.GetValue(_classes), result.GetValue(_size)),
            result.GetValue(_state), note => terminal.Report($"Note: {note}"));
    }

    /// <summary>The state that was chosen, if one was.</summary>
    internal string? State(ParseResult result) => result.GetValue(_state);

    /// <summary>Refuses what would contradict a file that holds its architecture.</summary>
    /// <exception cref="NernException">One of the options was given.</exception>
    internal void CheckAbsent(string path, ParseResult result) => CheckAbsent(path, "a .nern file", Group.Options, result);

    private static void CheckAbsent(string path, string kind, IEnumerable<Option> options, ParseResult result)
    {
        if (options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
            throw new NernException($"'{path}' is {kind}, which holds its architecture: leave out {given.Name}.");
    }
}
