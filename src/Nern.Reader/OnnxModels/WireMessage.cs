using System.Buffers.Binary;
using System.Text;

namespace Nern.OnnxModels;

/// <summary>
/// A message of protocol buffers as its fields in their order, which is what an ONNX model is made of. Only what is asked for is looked into;
/// bytes are kept where they are, not copied.
/// </summary>
internal sealed class WireMessage
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    // Real models have some thousands; each takes more memory than the two bytes that it may be in a file.
    private const int MostFields = 1 << 22;

    private readonly List<Field> _fields = [];

    /// <summary>The fields.</summary>
    internal IReadOnlyList<Field> Fields => _fields;

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static WireMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage();
        for (var position = 0; position < bytes.Length;)
        {
            var tag = ReadVarint(bytes.Span, ref position);
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            if (tag >> 3 is 0 or > int.MaxValue || message._fields.Count == MostFields)
                throw new InvalidDataException("is malformed where a field begins");
            message._fields.Add(type switch
            {
                Varint => new(number, type, ReadVarint(bytes.Span, ref position), default, null),
                Fixed64 => new(number, type, 0, Take(bytes, sizeof(ulong), ref position), null),
                Fixed32 => new(number, type, 0, Take(bytes, sizeof(uint), ref position), null),
                Delimited => new(number, type, 0, Take(bytes, ReadVarint(bytes.Span, ref position), ref position), null),
                _ => throw new InvalidDataException("has a field of a kind that is not known"),
            });
        }
        return message;
    }

    /// <summary>Adds a whole number.</summary>
    internal WireMessage Add(int number, long value)
    {
        _fields.Add(new(number, Varint, (ulong)value, default, null));
        return this;
    }

    /// <summary>Adds a float32.</summary>
    internal WireMessage Add(int number, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _fields.Add(new(number, Fixed32, 0, bytes, null));
        return this;
    }

    /// <summary>Adds a text.</summary>
    internal WireMessage Add(int number, string value) => Add(number, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds bytes, which are kept and not copied.</summary>
    internal WireMessage Add(int number, ReadOnlyMemory<byte> value)
    {
        _fields.Add(new(number, Delimited, 0, value, null));
        return this;
    }

    /// <summary>Adds a message.</summary>
    internal WireMessage Add(int number, WireMessage value)
    {
        _fields.Add(new(number, Delimited, 0, default, value));
        return this;
    }

    /// <summary>Puts a message in the place of the bytes of a field.</summary>
    internal void Replace(int index, WireMessage message) => _fields[index] = new(_fields[index].Number, Delimited, 0, default, message);

    /// <summary>The first whole number of a field; null where there is none.</summary>
    internal long? Number(int number) => _fields.Find(field => field.Number == number && field.Type == Varint) is { Number: > 0 } field
        ? (long)field.Value : null;

    /// <summary>The last text of a field; null where there is none.</summary>
    internal string? Text(int number) => _fields.FindLast(field => field.Number == number && field.Type == Delimited) is { Number: > 0 } field
        ? Encoding.UTF8.GetString(field.Bytes.Span) : null;

    /// <summary>All whole numbers of a field, one by one or packed.</summary>
    internal IEnumerable<long> Numbers(int number)
    {
        foreach (var field in _fields.Where(field => field.Number == number))
            if (field.Type == Varint)
                yield return (long)field.Value;
            else if (field.Type == Delimited)
                for (var position = 0; position < field.Bytes.Length;)
                    yield return (long)ReadVarint(field.Bytes.Span, ref position);
    }

    /// <summary>Where in <see cref="Fields"/> the messages of a field are.</summary>
    internal IEnumerable<int> MessagesAt(int number) =>
        Enumerable.Range(0, _fields.Count).Where(i => _fields[i].Number == number && _fields[i].Type == Delimited);

    /// <summary>The same without some fields, and with bytes in the place of the first of them.</summary>
    internal WireMessage With(int number, ReadOnlyMemory<byte> bytes, params ReadOnlySpan<int> without)
    {
        var result = new WireMessage();
        foreach (var field in _fields)
            if (!without.Contains(field.Number))
                result._fields.Add(field);
            else if (!result._fields.Exists(other => other.Number == number))
                result.Add(number, bytes);
        return result;
    }

    /// <summary>The bytes that it takes.</summary>
    internal long Size()
    {
        var size = 0L;
        foreach (var field in _fields)
        {
            size += SizeOf((ulong)field.Number << 3);
            if (field.Type == Varint)
                size += SizeOf(field.Value);
            else
            {
                var length = field.Length;
                size += length + (field.Type == Delimited ? SizeOf((ulong)length) : 0);
            }
        }
        return size;
    }

    /// <summary>Writes it.</summary>
    internal void WriteTo(Stream stream)
    {
        foreach (var field in _fields)
        {
            WriteVarint(stream, ((ulong)field.Number << 3) | (uint)field.Type);
            if (field.Type == Varint)
                WriteVarint(stream, field.Value);
            if (field.Type == Delimited)
                WriteVarint(stream, (ulong)field.Length);
            if (field.Message is { } message)
                message.WriteTo(stream);
            else
                stream.Write(field.Bytes.Span);
        }
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, ulong count, ref int position)
    {
        if (count > (ulong)(bytes.Length - position))
            throw new InvalidDataException("is cut off within a field");
        position += (int)count;
        return bytes.Slice(position - (int)count, (int)count);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= bytes.Length)
                throw new InvalidDataException("is cut off within a number");
            var part = bytes[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("has a number of more than 64 bits");
    }

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }

    private static int SizeOf(ulong value) => (64 - (int)ulong.LeadingZeroCount(value | 1) + 6) / 7;

    /// <summary>A field: a whole number, bytes, or a message.</summary>
    internal readonly record struct Field(int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes, WireMessage? Message)
    {
        // A message is asked again for each that it is in, four deep at most.
        internal long Length => Message?.Size() ?? Bytes.Length;
    }
}
