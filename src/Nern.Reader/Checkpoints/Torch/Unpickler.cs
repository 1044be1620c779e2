using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Nern.Files;

namespace Nern.Checkpoints.Torch;

/// <summary>A function that a pickle may call; it only puts values together.</summary>
internal delegate object? PickleFunction(object?[] arguments);

/// <summary>
/// Reads Python pickles without running or importing anything: globals are looked up in a table of the caller's, and every other
/// becomes a <see cref="PickleObject"/>, as do bytes, sets, and whatever is made by calling one.
/// Values come out as null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
/// object arrays (tuples), lists, <see cref="PickleDictionary"/>, and what the table and the persistent ids give.
/// </summary>
/// <param name="bytes">Where pickles are read from; what follows them stays unread.</param>
/// <param name="findGlobal">The value of a dotted name, or null if it is not known.</param>
/// <param name="loadPersistent">The value of a persistent id.</param>
internal sealed class Unpickler(ByteReader bytes, Func<string, object?> findGlobal, Func<object?, object?> loadPersistent)
{
    // An instruction of one byte can make objects of a hundred: the limit keeps a hostile pickle below about 64 MB.
    // A tensor takes some 30 instructions, so there is room for far more than any network has.
    private const int InstructionLimit = 1 << 19, CharactersPerInstruction = 32;

    private readonly PickleStack _stack = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _instructions;

    /// <summary>Reads the next pickle. All pickles that one unpickler reads share its bound on instructions.</summary>
    /// <exception cref="InvalidDataException">It is damaged or too large.</exception>
    public object? Load()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            Charge(1);
            var opcode = (PickleOpcode)bytes.ReadByte();
            if (opcode == PickleOpcode.Stop)
                return _stack.Pop();
            Execute(opcode);
        }
    }

    /// <summary>What a value is, for messages.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or BigInteger => "an integer",
        double => "a number",
        string => "a string",
        object?[] => "a tuple",
        List<object?> => "a list",
        PickleDictionary => "a dictionary",
        TorchTensor => "a tensor",
        TorchStorage => "a storage",
        PickleFunction => "a function",
        PickleObject unknown => MalformedFile.Quote(unknown.Name),
        _ => "a type",
    };

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol: CheckProtocol(bytes.ReadByte()); break;
            // A frame only tells how much to buffer.
            case PickleOpcode.Frame: bytes.Take(8); break;
            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Pop(); break;
            case PickleOpcode.PopMark: _stack.PopToMark(); break;

            case PickleOpcode.None: _stack.Push(null); break;
            case PickleOpcode.NewTrue: _stack.Push(true); break;
            case PickleOpcode.NewFalse: _stack.Push(false); break;
            case PickleOpcode.BinInt: _stack.Push((long)(int)bytes.ReadUInt32()); break;
            case PickleOpcode.BinInt1: _stack.Push((long)bytes.ReadByte()); break;
            case PickleOpcode.BinInt2: _stack.Push((long)bytes.ReadUInt16()); break;
            case PickleOpcode.Long1: _stack.Push(Integer(bytes.Take(bytes.ReadByte()).Span)); break;
            case PickleOpcode.Long4: _stack.Push(Integer(bytes.Take(bytes.ReadUInt32()).Span)); break;
            case PickleOpcode.BinFloat: _stack.Push(bytes.ReadDoubleBigEndian()); break;
            case PickleOpcode.ShortBinUnicode: _stack.Push(Text(bytes.ReadByte())); break;
            case PickleOpcode.BinUnicode: _stack.Push(Text(bytes.ReadUInt32())); break;
            case PickleOpcode.BinUnicode8: _stack.Push(Text(bytes.ReadUInt64())); break;
            // Python 2 wrote its names so; they are bytes of no known encoding.
            case PickleOpcode.ShortBinString: _stack.Push(Encoding.Latin1.GetString(bytes.Take(bytes.ReadByte()).Span)); break;
            case PickleOpcode.BinString: _stack.Push(Encoding.Latin1.GetString(bytes.Take(bytes.ReadUInt32()).Span)); break;

            case PickleOpcode.ShortBinBytes: PushBytes(bytes.ReadByte()); break;
            case PickleOpcode.BinBytes: PushBytes(bytes.ReadUInt32()); break;
            case PickleOpcode.BinBytes8: PushBytes(bytes.ReadUInt64()); break;
            case PickleOpcode.ByteArray8: PushBytes(bytes.ReadUInt64()); break;

            case PickleOpcode.EmptyTuple: _stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: _stack.Push(_stack.PopToMark()); break;
            case PickleOpcode.Tuple1: _stack.Push(_stack.PopMany(1)); break;
            case PickleOpcode.Tuple2: _stack.Push(_stack.PopMany(2)); break;
            case PickleOpcode.Tuple3: _stack.Push(_stack.PopMany(3)); break;
            case PickleOpcode.EmptyList: _stack.Push(new List<object?>()); break;
            case PickleOpcode.Append: Append(_stack.PopMany(1)); break;
            case PickleOpcode.Appends: Append(_stack.PopToMark()); break;
            case PickleOpcode.EmptyDict: _stack.Push(new PickleDictionary()); break;
            case PickleOpcode.SetItem: SetItems(_stack.PopMany(2)); break;
            case PickleOpcode.SetItems: SetItems(_stack.PopToMark()); break;
            case PickleOpcode.EmptySet: _stack.Push(new PickleObject("set")); break;
            case PickleOpcode.AddItems: _stack.PopToMark(); _stack.Peek<PickleObject>("a set"); break;
            case PickleOpcode.FrozenSet: _stack.PopToMark(); _stack.Push(new PickleObject("frozenset")); break;

            case PickleOpcode.BinPut: _memo[bytes.ReadByte()] = _stack.Peek(); break;
            case PickleOpcode.LongBinPut: _memo[bytes.ReadUInt32()] = _stack.Peek(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = _stack.Peek(); break;
            case PickleOpcode.BinGet: _stack.Push(Remembered(bytes.ReadByte())); break;
            case PickleOpcode.LongBinGet: _stack.Push(Remembered(bytes.ReadUInt32())); break;

            case PickleOpcode.Global: _stack.Push(Global(Line(), Line())); break;
            case PickleOpcode.StackGlobal: StackGlobal(); break;
            case PickleOpcode.Reduce or PickleOpcode.NewObject: Call(); break;
            // With named arguments besides.
            case PickleOpcode.NewObjectEx: _stack.Pop(); Call(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersistentId: _stack.Push(loadPersistent(_stack.Pop())); break;

            default:
                throw new InvalidDataException(
                    $"has the pickle instruction 0x{(byte)opcode:X2} at byte {bytes.Position - 1}, "
                    + "which a checkpoint does not need; it was not run.");
        }
    }

    private void Charge(int instructions)
    {
        if ((_instructions += instructions) > InstructionLimit)
            throw new InvalidDataException($"has a pickle that is too long: expected at most {InstructionLimit} instructions.");
    }

    // A text that is remembered can be joined, or hashed as a key, again and again.
    private void ChargeText(object? text) => Charge(text is string { Length: var length } ? length / CharactersPerInstruction : 0);

    private static void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5)
            throw new InvalidDataException($"has a pickle of protocol {protocol}; expected 2 to 5.");
    }

    private static object Integer(ReadOnlySpan<byte> littleEndian)
    {
        var value = new BigInteger(littleEndian);
        // Without the cast to object the long would turn back into a BigInteger.
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private string Text(ulong length)
    {
        var text = bytes.Take(length).Span;
        if (!Utf8.IsValid(text))
            throw new InvalidDataException($"has text before byte {bytes.Position} of its pickle that is not UTF-8.");
        return Encoding.UTF8.GetString(text);
    }

    private string Line() => Encoding.Latin1.GetString(bytes.TakeLine().Span);

    private void PushBytes(ulong length)
    {
        bytes.Take(length);
        _stack.Push(new PickleObject("bytes"));
    }

    private void Append(object?[] values)
    {
        if (_stack.Peek() is not PickleObject)
            _stack.Peek<List<object?>>("a list").AddRange(values);
    }

    private void SetItems(object?[] keysAndValues)
    {
        var dictionary = _stack.Peek() is PickleObject unknown ? unknown.Items ??= new() : _stack.Peek<PickleDictionary>("a dictionary");
        if (keysAndValues.Length % 2 != 0)
            throw new InvalidDataException("has a damaged pickle: expected a value for each key of a dictionary, found one too few.");
        for (var i = 0; i < keysAndValues.Length; i += 2)
        {
            ChargeText(keysAndValues[i]);
            dictionary.Set(keysAndValues[i], keysAndValues[i + 1]);
        }
    }

    private object? Remembered(uint index) => _memo.TryGetValue(index, out var value)
        ? value
        : throw new InvalidDataException($"has a damaged pickle: expected the value remembered as {index}, found none.");

    private void StackGlobal()
    {
        var name = _stack.Pop<string>("the name of a global");
        _stack.Push(Global(_stack.Pop<string>("the module of a global"), name));
    }

    private object Global(string module, string name)
    {
        // Three texts and an object, where pickles name each global once.
        Charge(3);
        ChargeText(module);
        ChargeText(name);
        var global = $"{module}.{name}";
        return findGlobal(global) ?? new PickleObject(global);
    }

    // What a class that is not known would be made of is dropped, as it is when it is called.
    private void Call()
    {
        var arguments = _stack.Pop<object?[]>("the arguments of a call");
        if (_stack.Peek() is PickleObject unknown)
        {
            _stack.Pop();
            _stack.Push(new PickleObject(unknown.Name));
            return;
        }
        var function = _stack.Pop<PickleFunction>("a function");
        // A call may copy the lists it is given, and the same list can be given many times.
        foreach (var list in arguments.OfType<List<object?>>())
        {
            Charge(list.Count);
            foreach (var item in list)
                ChargeText((item as List<object?>)?.FirstOrDefault());
        }
        _stack.Push(function(arguments));
    }

    // The state of a dictionary is what Python keeps on it beside its items (for a state dict, module versions).
    private void Build()
    {
        var state = _stack.Pop();
        if (_stack.Peek() is PickleObject unknown)
            unknown.IsModule |= state is PickleDictionary attributes && attributes.Find("_modules") is not null;
        else
            _stack.Peek<PickleDictionary>("a dictionary");
    }
}
