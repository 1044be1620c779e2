using System.Buffers.Binary;
using SharpCompress.Compressors.LZMA;

namespace Nern.Compression;

/// <summary>
/// General-purpose compression to hold ours against: LZMA, as <c>xz</c> has it, in the container of the older .lzma files.
/// </summary>
internal static class Lzma
{
    // As xz -9 has them; a larger dictionary than there are bytes finds no more.
    private const int LargestDictionary = 64 << 20, SmallestDictionary = 1 << 16, LongestMatch = 273;

    /// <summary>The bytes of a .lzma file.</summary>
    internal static byte[] Compress(byte[] bytes)
    {
        var dictionary = SmallestDictionary;
        while (dictionary < bytes.Length && dictionary < LargestDictionary)
            dictionary *= 2;
        using var compressed = new MemoryStream();
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        using (var body = new MemoryStream())
        {
            byte[] properties;
            using (var lzma = LzmaStream.Create(new LzmaEncoderProperties(eos: false, dictionary, LongestMatch), isLzma2: false, body))
            {
                lzma.Write(bytes);
                properties = lzma.Properties;
            }
            compressed.Write(properties);
            compressed.Write(length);
            compressed.Write(body.ToArray());
        }
        return compressed.ToArray();
    }
}
