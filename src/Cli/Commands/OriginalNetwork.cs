using System.CommandLine;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary>The network that a representation was fitted to, for comparison.</summary>
internal static class OriginalNetwork
{
    internal static Option<string?> StateSetting() => Setting.Text(
        "--original-state", "NAME", "Which of the states of the original's checkpoint, where several are of its architecture.");

    /// <summary>Reads it; says so if the file is another than the one that was fitted to.</summary>
    /// <exception cref="NernException">The file cannot be read, or does not fit the graph.</exception>
    internal static Network Load(Terminal terminal, string path, string? state, Graph graph, NeuralRepresentation? representation)
    {
        var original = NetworkFile.Load(path, graph, state);
        if (representation?.Provenance.Source is { } fitted && original.Source!.Sha256 != fitted.Sha256)
            terminal.Report($"Note: '{path}' is not the file that the representation was fitted to ({fitted.Name}); its bytes differ.");
        return original;
    }
}
