using System.Buffers.Binary;
using System.Text;

namespace Nern.Checkpoints.Torch;

/// <summary>Writes the few instructions of pickle protocol 2 that a dictionary of tensors takes.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();

    internal PickleWriter()
    {
        Write(PickleOpcode.Protocol);
        _bytes.WriteByte(2);
    }

    internal void Write(PickleOpcode opcode) => _bytes.WriteByte((byte)opcode);

    /// <summary>A name of a Python module.</summary>
    internal void Global(string module, string name)
    {
        Write(PickleOpcode.Global);
        _bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    internal void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(PickleOpcode.BinUnicode);
        Number(bytes.Length);
        _bytes.Write(bytes);
    }

    internal void Integer(int value)
    {
        Write(PickleOpcode.BinInt);
        Number(value);
    }

    internal void Tuple(IEnumerable<int> values)
    {
        Write(PickleOpcode.Mark);
        foreach (var value in values)
            Integer(value);
        Write(PickleOpcode.Tuple);
    }

    /// <summary>An OrderedDict without items.</summary>
    internal void OrderedDict()
    {
        Global("collections", "OrderedDict");
        Write(PickleOpcode.EmptyTuple);
        Write(PickleOpcode.Reduce);
    }

    /// <summary>Ends the pickle.</summary>
    internal byte[] Finish()
    {
        Write(PickleOpcode.Stop);
        return _bytes.ToArray();
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }
}
