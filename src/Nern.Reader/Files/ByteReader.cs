using System.Buffers.Binary;

namespace Nern.Files;

/// <summary>Walks through bytes that may end anywhere: whatever is asked for is there, or the file is refused.</summary>
internal sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>The next <paramref name="count"/> bytes, not copied.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public ReadOnlyMemory<byte> Take(ulong count)
    {
        var remaining = bytes.Length - Position;
        if (count > (ulong)remaining)
            throw new InvalidDataException($"ends too early: expected {count} more bytes at byte {Position}, found {remaining}.");
        var taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>The next byte.</summary>
    public byte ReadByte() => Take(1).Span[0];

    /// <summary>The next 2 bytes, little-endian.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    /// <summary>The next 4 bytes, little-endian.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    /// <summary>The next 8 bytes, little-endian.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

    /// <summary>The next 8 bytes as a big-endian binary64, as pickles write numbers.</summary>
    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span);

    /// <summary>The bytes before the next line feed, which is skipped.</summary>
    public ReadOnlyMemory<byte> TakeLine()
    {
        var length = bytes.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw new InvalidDataException($"ends too early: expected a line feed after byte {Position}, found none.");
        var line = Take((ulong)length);
        Position++;
        return line;
    }
}
