using Nern.Files;

namespace Nern.Checkpoints;

/// <summary>One of the dictionaries of tensors that a file holds; a training keeps several: the network, its running average, ….</summary>
/// <param name="Name">The keys that lead to it, with points between; empty for the file itself.</param>
/// <param name="Count">How many tensors it has.</param>
/// <param name="Read">Reads them.</param>
internal sealed record StoredState(string Name, int Count, Func<Checkpoint> Read)
{
    // Under these keys training scripts keep the network.
    private static readonly string[] UsualKeys =
        ["state_dict", "model_state_dict", "model", "net", "network", "model_state", "params", "weights"];

    /// <summary>How the name is shown.</summary>
    internal string Shown => Name.Length == 0 ? "the top of the file" : MalformedFile.Shorten(Name);

    /// <summary>Puts that first which is most likely the network: what has most tensors, then what is under a usual key.</summary>
    internal static IEnumerable<StoredState> InOrder(IEnumerable<StoredState> states) =>
        states.OrderByDescending(state => state.Count).ThenBy(state => Rank(state.Name));

    // The last key says what it is; the top of a file can have a tensor beside the state, such as the best accuracy.
    private static int Rank(string name) =>
        Array.IndexOf(UsualKeys, name[(name.LastIndexOf('.') + 1)..]) is >= 0 and var rank ? rank : UsualKeys.Length;
}
