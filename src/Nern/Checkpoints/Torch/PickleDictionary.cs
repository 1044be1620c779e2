namespace Nern.Checkpoints.Torch;

/// <summary>A Python dictionary as far as files of tensors need it: the entries with string keys, in order.</summary>
internal sealed class PickleDictionary
{
    // Made on demand: a hostile pickle can ask for a million empty dictionaries.
    private OrderedDictionary<string, object?>? _entries;

    /// <summary>The keys and values; a key set again kept its first place.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => _entries ?? [];

    /// <summary>Sets an entry; keys that are no strings (optimisers number their parameters) are dropped with their values.</summary>
    public void Set(object? key, object? value)
    {
        if (key is string name)
            (_entries ??= [])[name] = value;
    }

    /// <summary>The value below <paramref name="key"/>, or null.</summary>
    public object? Find(string key) => _entries?.GetValueOrDefault(key);
}
