using Nern.Files;

namespace Nern.Checkpoints.Torch;

/// <summary>The storages that the pickle of one PyTorch checkpoint declares, by key.</summary>
internal sealed class TorchStorages
{
    private readonly Dictionary<string, TorchStorage> _declared = [];

    /// <summary>
    /// What a persistent id stands for: a storage, always the same for a key, or in legacy files the class of a network, which comes with
    /// its code: ('module', class, file, code).
    /// </summary>
    /// <exception cref="InvalidDataException">The id is damaged, or contradicts an earlier one.</exception>
    public object Declare(object? persistentId)
    {
        if (persistentId is object?[] and ["module", PickleObject network, ..])
            return network;
        var storage = TorchStorage.FromPersistentId(persistentId);
        if (_declared.TryAdd(storage.Key, storage))
            return storage;
        var first = _declared[storage.Key];
        if (first != storage)
            throw new InvalidDataException(
                $"declares the storage {MalformedFile.Quote(storage.Key)} as "
                + $"{storage.Count} of {storage.Elements.Shown} after {first.Count} of {first.Elements.Shown}.");
        return first;
    }

    /// <summary>The storage declared under <paramref name="key"/>, or null.</summary>
    public TorchStorage? Find(string key) => _declared.GetValueOrDefault(key);
}
