using Nern.Cli.Shell;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary>The network that a representation was fitted to, for comparison.</summary>
internal static class OriginalNetwork
{
    /// <summary>Reads it; says so if the file is another than the one that was fitted to.</summary>
    /// <exception cref="NernException">The file cannot be read, or does not fit the graph.</exception>
    internal static Network Load(Terminal terminal, string path, Graph graph, NeuralRepresentation? representation)
    {
        var original = NetworkFile.Load(path, graph);
        if (representation?.Provenance.Source is { } fitted && original.Source!.Sha256 != fitted.Sha256)
            terminal.Report($"Note: '{path}' is not the file that the representation was fitted to ({fitted.Name}); its bytes differ.");
        return original;
    }
}
