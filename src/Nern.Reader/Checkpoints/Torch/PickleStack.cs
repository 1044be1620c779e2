namespace Nern.Checkpoints.Torch;

/// <summary>The stack of a pickle machine, with the marks that delimit variable-length items.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    // Values below the last mark belong to what was begun before it.
    private int Bottom => _marks.Count == 0 ? 0 : _marks[^1];

    public void Push(object? value) => _values.Add(value);

    public void Mark() => _marks.Add(_values.Count);

    public void Clear()
    {
        _values.Clear();
        _marks.Clear();
    }

    public object? Peek()
    {
        if (_values.Count <= Bottom)
            throw new InvalidDataException("has a damaged pickle: expected a value on its stack, found none.");
        return _values[^1];
    }

    public object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>The value on top, left there, if it is a <typeparamref name="T"/>.</summary>
    public T Peek<T>(string expected) => As<T>(Peek(), expected);

    /// <summary>The value on top, removed, if it is a <typeparamref name="T"/>.</summary>
    public T Pop<T>(string expected) => As<T>(Pop(), expected);

    /// <summary>The <paramref name="count"/> topmost values, removed, lowest first.</summary>
    public object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    /// <summary>All values above the last mark, removed with it, lowest first.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw new InvalidDataException("has a damaged pickle: expected a mark on its stack, found none.");
        var values = PopMany(_values.Count - Bottom);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private static T As<T>(object? value, string expected) => value is T typed
        ? typed
        : throw new InvalidDataException($"has a damaged pickle: expected {expected} on its stack, found {Unpickler.Describe(value)}.");
}
