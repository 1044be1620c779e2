using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nern.Networks.Architectures;

/// <summary>A network that is known by name, and what its name leaves open. In a file it stands for the whole graph.</summary>
/// <param name="Name">The name.</param>
/// <param name="Logits">The logits.</param>
/// <param name="Shortcut">Of a ResNet for CIFAR its shortcuts.</param>
/// <param name="Size">Of another its rows and columns.</param>
internal sealed record ArchitectureName(string Name, int Logits, Shortcut? Shortcut = null, int? Size = null)
{
    // What was found for graphs that are still there: to find it every network that is known may have to be built.
    private static readonly ConditionalWeakTable<Graph, Found> Names = [];

    /// <summary>The name of a graph; null where it is none of those that are known.</summary>
    internal static ArchitectureName? Of(Graph graph) => Names.GetValue(graph, graph => new(Find(graph))).Name;

    private static ArchitectureName? Find(Graph graph)
    {
        var text = TextOf(graph);
        var convolutions = graph.Nodes.Count(node => node is Convolution { KernelHeight: 3 });
        return Candidates().FirstOrDefault(candidate =>
        {
            try
            {
                return TextOf(candidate.Build()) == text;
            }
            catch (NernException)
            {
                return false;
            }
        });

        IEnumerable<ArchitectureName> Candidates()
        {
            if (graph.InputShape is not { Channels: 3 } shape || shape.Height != shape.Width)
                yield break;
            foreach (var shortcut in convolutions % 6 == 1 && convolutions > 6 ? Enum.GetValues<Shortcut>() : [])
                yield return new($"resnet{convolutions + 1}", graph.Logits, shortcut);
            foreach (var architecture in TorchvisionArchitecture.All)
                yield return new(architecture.Name, graph.Logits, null, shape.Height);
        }
    }

    /// <summary>The graph.</summary>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal Graph Build() => ArchitectureRegistry.Build(this);

    // Records compare lists by reference.
    private static string TextOf(Graph graph) => JsonSerializer.Serialize(graph.Nodes, GraphJson.Default.IReadOnlyListNode);

    private sealed record Found(ArchitectureName? Name);
}
