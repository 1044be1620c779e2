namespace Nern.Networks;

/// <summary>
/// Channels in another order: seen as <paramref name="Groups"/> groups, first the first of each group, then the second of each, …, as
/// ShuffleNets have it.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Groups">Groups the channels are divided into.</param>
public sealed record ChannelShuffle(string Name, IReadOnlyList<int> Inputs, int Groups) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => Groups > 0 && inputs[0].Channels % Groups == 0
        ? inputs[0]
        : throw Mismatch($"cannot divide {inputs[0]} into {Groups} groups");
}
