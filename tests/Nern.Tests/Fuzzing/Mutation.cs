using System.Buffers.Binary;

namespace Nern.Tests.Fuzzing;

/// <summary>Alters a file's bytes in the ways that readers go wrong on.</summary>
internal static class Mutation
{
    private static readonly long[] Interesting =
    [
        0, 1, -1, 2, 7, 16, 127, 128, 255, 256, 1000, short.MaxValue, ushort.MaxValue, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue,
        (long)uint.MaxValue + 1, long.MaxValue, long.MinValue,
    ];

    /// <summary>The file with one change, or a few.</summary>
    internal static byte[] Alter(byte[] file, byte[] other, Generator random)
    {
        do
            file = Once(file, other, random);
        while (file.Length > 0 && random.NextInt32(3) == 0);
        return file;
    }

    private static byte[] Once(byte[] file, byte[] other, Generator random)
    {
        var at = random.NextInt32(file.Length);
        var length = Math.Min(1 + random.NextInt32(random.NextInt32(4) == 0 ? file.Length : 16), file.Length - at);
        switch (random.NextInt32(9))
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], .. other[random.NextInt32(other.Length)..]];
            case 2:
                var copied = random.NextInt32(file.Length);
                return [.. file[..copied], .. file[at..(at + length)], .. file[copied..]];
            case 3:
                return [.. file[..at], .. file[(at + length)..]];
        }
        file = [.. file];
        switch (random.NextInt32(5))
        {
            case 0:
                for (var flips = 1 + random.NextInt32(8); flips > 0; flips--)
                    file[random.NextInt32(file.Length)] ^= (byte)(1 << random.NextInt32(8));
                break;
            case 1:
                for (var changes = 1 + random.NextInt32(4); changes > 0; changes--)
                    file[random.NextInt32(file.Length)] = (byte)random.NextInt32(256);
                break;
            case 2:
                file.AsSpan(at, Math.Min(length, 16)).Fill((byte)random.NextInt32(256));
                break;
            case 3:
                file.AsSpan(at, Math.Min(length, 16)).Fill(random.NextInt32(2) == 0 ? (byte)0xFF : (byte)0x7F);
                break;
            default:
                Write(file.AsSpan(at), Interesting[random.NextInt32(Interesting.Length)] + random.NextInt32(3) - 1, random);
                break;
        }
        return file;
    }

    private static void Write(Span<byte> place, long value, Generator random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var size = 1 << random.NextInt32(4);
        if (random.NextInt32(4) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            bytes = bytes[^size..];
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            bytes = bytes[..size];
        }
        bytes[..Math.Min(size, place.Length)].CopyTo(place);
    }
}
