namespace Nern.Pictures;

/// <summary>The check sum of PNG chunks: CRC-32 with the reflected polynomial EDB88320, over bytes one after the other.</summary>
internal readonly struct Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Remainder((uint)value))];

    // Kept inverted twice, so that the default is the sum of no bytes.
    private readonly uint _value;

    private Crc32(uint value) => _value = value;

    /// <summary>The sum of all bytes so far.</summary>
    internal uint Value => _value;

    /// <summary>The sum with more bytes.</summary>
    internal Crc32 With(ReadOnlySpan<byte> bytes)
    {
        var state = ~_value;
        foreach (var next in bytes)
            state = Table[(byte)(state ^ next)] ^ (state >> 8);
        return new(~state);
    }

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }
}
