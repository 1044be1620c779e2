#if !NET9_0_OR_GREATER
using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Nern;

/// <summary>Of what later frameworks have by this name as much as is used here: entries that keep their order and are never removed.</summary>
internal sealed class OrderedDictionary<TKey, TValue> : IReadOnlyDictionary<TKey, TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, int> _places = [];
    private readonly List<TKey> _keys = [];
    private readonly List<TValue> _values = [];

    public OrderedDictionary()
    {
    }

    public OrderedDictionary(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        foreach (var (key, value) in entries)
            Add(key, value);
    }

    public int Count => _keys.Count;

    public IReadOnlyList<TKey> Keys => _keys;

    public IReadOnlyList<TValue> Values => _values;

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => _keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => _values;

    public TValue this[TKey key]
    {
        get => _values[_places[key]];
        set
        {
            if (_places.TryGetValue(key, out var place))
                _values[place] = value;
            else
                Add(key, value);
        }
    }

    public void Add(TKey key, TValue value)
    {
        _places.Add(key, _keys.Count);
        _keys.Add(key);
        _values.Add(value);
    }

    public bool ContainsKey(TKey key) => _places.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _values[place] : default;
        return found;
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        for (var i = 0; i < _keys.Count; i++)
            yield return KeyValuePair.Create(_keys[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
#endif
