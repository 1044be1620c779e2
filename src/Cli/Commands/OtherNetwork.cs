using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary>A network that one of a .nern file is compared with.</summary>
internal static class OtherNetwork
{
    /// <summary>Reads a .nern file, an ONNX model, or a checkpoint of the architecture of <paramref name="graph"/>.</summary>
    /// <exception cref="NernException">It cannot be read, or takes other images or tells other classes apart.</exception>
    internal static Network Load(string file, Graph graph)
    {
        var network = NernFile.IsNern(file) ? NernFile.Load(file).Reconstruct() : NetworkFile.Load(file, graph, state: null);
        return (network.Graph.InputShape, network.Graph.Logits) == (graph.InputShape, graph.Logits)
            ? network
            : throw new NernException(
                $"'{file}' is of a network that takes {network.Graph.InputShape} and tells {network.Graph.Classes} classes apart; "
                + $"expected one that takes {graph.InputShape} and tells {graph.Classes} apart, to compare them.");
    }
}
