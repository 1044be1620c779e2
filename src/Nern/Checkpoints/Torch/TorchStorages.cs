using Nern.Files;

namespace Nern.Checkpoints.Torch;

/// <summary>The storages that the pickle of one PyTorch checkpoint declares, by key.</summary>
internal sealed class TorchStorages
{
    private readonly Dictionary<string, TorchStorage> _declared = [];

    /// <summary>The storage that a persistent id stands for; a key always stands for the same one.</summary>
    /// <exception cref="InvalidDataException">The id is damaged, or contradicts an earlier one.</exception>
    public TorchStorage Declare(object? persistentId)
    {
        var storage = TorchStorage.FromPersistentId(persistentId);
        if (_declared.TryAdd(storage.Key, storage))
            return storage;
        var first = _declared[storage.Key];
        if (first != storage)
            throw new InvalidDataException(
                $"declares the storage {MalformedFile.Quote(storage.Key)} as "
                + $"{storage.Count} of {storage.Type} after {first.Count} of {first.Type}.");
        return first;
    }

    /// <summary>The storage declared under <paramref name="key"/>, or null.</summary>
    public TorchStorage? Find(string key) => _declared.GetValueOrDefault(key);
}
