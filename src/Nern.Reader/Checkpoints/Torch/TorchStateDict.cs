using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>Finds the dictionaries of tensors among all that a PyTorch checkpoint may hold.</summary>
internal static class TorchStateDict
{
    private const int MaximumDepth = 3;

    // More states than any training keeps; an optimiser may have a small one for each parameter.
    private const int MostStates = 64;

    // Longer than the keys of any training; names are made before it is known whether there are tensors.
    private const int LongestName = 200;

    // Tensors that share a storage in other than row-major order are copied each; few real files have any.
    private const int CopyLimit = 4;

    /// <summary>The states at the top and in dictionaries below it, largest first; in them what is no tensor is left out.</summary>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="fileSize">The size of the file in bytes, which bounds what is copied for all of them.</param>
    /// <param name="readStorage">The bytes of a storage.</param>
    /// <exception cref="InvalidDataException">There are no tensors.</exception>
    public static IReadOnlyList<StoredState> FindAll(object? root, long fileSize, Func<TorchStorage, ReadOnlyMemory<byte>> readStorage)
    {
        var copyBudget = CopyLimit * fileSize;
        var states = new List<StoredState>();
        // A dictionary may be in many, and in itself.
        var seen = new HashSet<PickleDictionary>(ReferenceEqualityComparer.Instance);
        PickleObject? module = null;
        Walk(root, "", 0);
        if (states.Count > 0)
            return [.. states.OrderByDescending(state => state.Count).Take(MostStates)];
        throw new InvalidDataException(module is null
            ? "holds no tensors: expected a dictionary of them at the top or below a key such as state_dict or model, "
                + $"found {Describe(root)}."
            : $"holds a whole network with its code ({MalformedFile.Quote(module.Name)}), and no code is run: save its tensors "
                + "with torch.save(model.state_dict(), 'state.pth').");

        void Walk(object? value, string name, int depth)
        {
            if (value is PickleObject { IsModule: true } found)
                module ??= found;
            if (Dictionary(value) is not { } dictionary || !seen.Add(dictionary))
                return;
            // Beside a whole network stands no state of it.
            if (!dictionary.Entries.Any(entry => entry.Value is PickleObject { IsModule: true })
                && dictionary.Entries.Count(entry => IsTensor(entry.Value)) is > 0 and var count)
                states.Add(new(name, count, () => Read(dictionary, readStorage, ref copyBudget)));
            if (depth == MaximumDepth)
                return;
            foreach (var (key, below) in dictionary.Entries)
                if (below is PickleDictionary or PickleObject && name.Length + key.Length < LongestName)
                    Walk(below, name.Length == 0 ? key : $"{name}.{key}", depth + 1);
        }
    }

    private static PickleDictionary? Dictionary(object? value) => value as PickleDictionary ?? (value as PickleObject)?.Items;

    // Others are made by PyTorch from tensors: quantised and sparse ones.
    private static bool IsTensor(object? value) =>
        value is TorchTensor || (value is PickleObject unknown
            && unknown.Name.StartsWith("torch._utils._rebuild_", StringComparison.Ordinal));

    private static Checkpoint Read(PickleDictionary state, Func<TorchStorage, ReadOnlyMemory<byte>> readStorage, ref long copyBudget)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        var unreadable = new Dictionary<string, string>();
        foreach (var (name, value) in state.Entries)
        {
            if (value is PickleObject unknown)
                unreadable.Add(name, $"is made by {MalformedFile.Quote(unknown.Name)}, which was not run");
            if (value is not TorchTensor tensor)
                continue;
            if (tensor.Storage.Elements.Type is null)
            {
                unreadable.Add(name, $"holds {MalformedFile.Quote(tensor.Storage.Elements.Name)}, a type that is not read");
                continue;
            }
            var storage = readStorage(tensor.Storage);
            try
            {
                tensors.Add(KeyValuePair.Create(name, tensor.Materialise(storage, ref copyBudget)));
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"has a tensor {MalformedFile.Quote(name)} that {exception.Message}", exception);
            }
        }
        return new(tensors) { Unreadable = unreadable };
    }

    private static string Describe(object? root)
    {
        if (Dictionary(root) is not { } dictionary)
            return Unpickler.Describe(root);
        var keys = dictionary.Entries.Take(5).Select(entry => MalformedFile.Quote(entry.Key)).ToList();
        return keys.Count == 0 ? "an empty dictionary" : $"a dictionary that begins with the keys {string.Join(", ", keys)}";
    }
}
