using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>Finds the network's tensors among all that a PyTorch checkpoint may hold.</summary>
internal static class TorchStateDict
{
    // The keys that training scripts keep the state dict under.
    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model", "net", "network"];

    private const int MaximumDepth = 3;

    // Tensors that share a storage in other than row-major order are copied each; few real files have any.
    private const int CopyLimit = 4;

    /// <summary>The tensors of the state dict in order, at the top or below one of the usual keys; what is no tensor is left out.</summary>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="fileSize">The size of the file in bytes, which bounds what is copied.</param>
    /// <param name="readStorage">The bytes of a storage.</param>
    /// <exception cref="InvalidDataException">There are no tensors, or one does not fit its storage.</exception>
    public static List<KeyValuePair<string, Tensor>> Read(object? root, long fileSize, Func<TorchStorage, ReadOnlyMemory<byte>> readStorage)
    {
        var state = Find(root, 0) ?? throw new InvalidDataException(
            "holds no tensors: expected a dictionary of them at the top or "
            + $"below one of {string.Join(", ", UsualKeys)}, found {Describe(root)}.");
        var copyBudget = CopyLimit * fileSize;
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (name, value) in state.Entries)
        {
            if (value is not TorchTensor tensor)
                continue;
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
        return tensors;
    }

    // What is below a usual key comes first: a checkpoint may keep a tensor of its own beside it, such as the best accuracy.
    private static PickleDictionary? Find(object? value, int depth)
    {
        if (value is not PickleDictionary dictionary)
            return null;
        foreach (var key in depth < MaximumDepth ? UsualKeys : [])
        {
            if (Find(dictionary.Find(key), depth + 1) is { } nested)
                return nested;
        }
        return dictionary.Entries.Any(entry => entry.Value is TorchTensor) ? dictionary : null;
    }

    private static string Describe(object? root)
    {
        if (root is not PickleDictionary dictionary)
            return Unpickler.Describe(root);
        var keys = dictionary.Entries.Take(5).Select(entry => MalformedFile.Quote(entry.Key)).ToList();
        return keys.Count == 0 ? "an empty dictionary" : $"a dictionary that begins with the keys {string.Join(", ", keys)}";
    }
}
