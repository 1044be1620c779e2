using System.Buffers.Binary;

namespace Nern.Tests.Data.Folders;

/// <summary>The checksums of a PNG file.</summary>
internal static class PngChunks
{
    private const int Signature = 8;

    /// <summary>Makes the checksum of every chunk fit again, as far as there are chunks.</summary>
    internal static void FixChecksums(byte[] file)
    {
        for (var start = Signature; start + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(start));
            if (length > file.Length - start - 12)
                return;
            var end = start + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Checksum(file.AsSpan((start + 4)..end)));
            start = end + 4;
        }
    }

    /// <summary>CRC-32 as in the PNG specification, annex D.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
