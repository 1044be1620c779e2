using System.Buffers.Binary;
using System.Numerics;

namespace Nern.Logs;

/// <summary>
/// A record of an event file: the length of the data (u64), its masked checksum (u32), the data, their masked checksum (u32), all
/// little-endian.
/// </summary>
internal static class EventRecord
{
    private const int HeaderLength = sizeof(ulong) + sizeof(uint);
    private const uint MaskOffset = 0xA282EAD8;

    /// <summary>The record that holds <paramref name="data"/>.</summary>
    internal static byte[] Of(ReadOnlySpan<byte> data)
    {
        var record = new byte[HeaderLength + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), MaskedChecksum(record.AsSpan(0, sizeof(ulong))));
        data.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + data.Length), MaskedChecksum(data));
        return record;
    }

    /// <summary>CRC-32C, turned and shifted so that the checksum of data that hold checksums is no weaker.</summary>
    private static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;
        foreach (var value in data)
            checksum = BitOperations.Crc32C(checksum, value);
        return BitOperations.RotateRight(~checksum, 15) + MaskOffset;
    }
}
