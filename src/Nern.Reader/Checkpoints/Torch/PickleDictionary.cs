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

/// <summary>
/// In the place of an object that only Python code could make: the global, called or not, that stands for it. No code was run. What the
/// pickle puts into it is dropped, but for the items of a dictionary: a class of such may well hold the tensors.
/// </summary>
/// <param name="name">The global it comes from, such as <c>numpy.core.multiarray.scalar</c>.</param>
internal sealed class PickleObject(string name)
{
    /// <summary>The global it comes from.</summary>
    public string Name => name;

    /// <summary>Its items, if it has any.</summary>
    public PickleDictionary? Items { get; set; }

    /// <summary>Whether it is a whole network with its code, as <c>torch.save(model)</c> writes it.</summary>
    public bool IsModule { get; set; }
}
