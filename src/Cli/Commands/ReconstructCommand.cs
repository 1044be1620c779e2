using System.CommandLine;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.NetworkFiles;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern reconstruct</c>: a .nern file becomes a network again.</summary>
internal sealed class ReconstructCommand : Command, IDocumented
{
    private readonly Terminal _terminal;

    private readonly Argument<string> _file = new("FILE") { Description = "The .nern file." };

    private readonly Option<string?> _output = Setting.Text("--output", "NETWORK", "The file to write: .safetensors, .pth or .onnx.", "-o");

    internal ReconstructCommand(Terminal terminal)
        : base("reconstruct", """
            Writes the network that a .nern file represents: predicted kernels, and everything else as it was.

            The ending of NETWORK says what is written. For .safetensors and .pth it is the tensors of the original under
            their names. For .onnx it is a whole model: the original one with new kernels, where the network came from
            ONNX, else a new one that takes images [N, C, H, W] and yields logits.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        Add(_file);
        Add(_output);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE -o NETWORK";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern reconstruct resnet20.nern -o resnet20.safetensors",
        "nern reconstruct resnet20.nern -o resnet20.onnx",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Result", [_output])];

    private int Run(ParseResult result)
    {
        var (file, output) = (result.GetRequiredValue(_file), result.GetRequiredValue(_output)!);
        OutputFile.Check(output, file);
        var representation = NernFile.Load(file);
        if (representation.Provenance.Source is { } original && original.IsAt(output))
            throw new NernException($"'{output}' could not be written: it is the original that '{file}' was fitted to.");
        var network = representation.Reconstruct();
        NetworkFile.Save(output, network);
        _terminal.Output.WriteLine($"Wrote {output}: {network.Tensors.Count} tensors, {Figures.Bytes(new FileInfo(output).Length)}.");
        return ExitCode.Success;
    }
}
