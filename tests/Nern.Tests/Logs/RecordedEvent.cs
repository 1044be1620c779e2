using System.Buffers.Binary;
using Google.Protobuf;

namespace Nern.Tests.Logs;

/// <summary>
/// An event read back by the rules of the format alone: nothing of the writer is used, neither its checksum nor its schema.
/// </summary>
internal sealed record RecordedEvent(
    double WallTime, long Step, string? FileVersion, int? SessionStatus, IReadOnlyDictionary<string, float> Scalars)
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var value = (uint)i;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? (value >> 1) ^ 0x82F63B78 : value >> 1;
        return value;
    })];

    /// <summary>CRC-32C, byte by byte from its table.</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFF;
        foreach (var value in data)
            crc = Table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc ^ 0xFFFFFFFF;
    }

    /// <summary>The data of all whole records; a truncated last one is left out, and anything else that is wrong fails.</summary>
    internal static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var rest = file.AsSpan(); rest.Length >= 12;)
        {
            Assert.Equal(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            var length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            if (rest.Length < 12 + length + 4)
                break;
            var data = rest.Slice(12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            records.Add(data.ToArray());
            rest = rest[(12 + length + 4)..];
        }
        return records;
    }

    internal static List<RecordedEvent> ReadAll(byte[] file) => [.. Records(file).Select(Parse)];

    internal static List<RecordedEvent> ReadAll(string path) => ReadAll(File.ReadAllBytes(path));

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8u);
    }

    // Field numbers of TensorBoard's event.proto and summary.proto.
    private static RecordedEvent Parse(byte[] data)
    {
        var (wallTime, step, version, status) = (0.0, 0L, (string?)null, (int?)null);
        var scalars = new Dictionary<string, float>();
        var input = new CodedInputStream(data);
        for (uint tag; (tag = input.ReadTag()) != 0;)
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.Fixed64):
                    wallTime = input.ReadDouble();
                    break;
                case (2, WireFormat.WireType.Varint):
                    step = input.ReadInt64();
                    break;
                case (3, WireFormat.WireType.LengthDelimited):
                    version = input.ReadString();
                    break;
                case (5, WireFormat.WireType.LengthDelimited):
                    ParseSummary(input.ReadBytes().CreateCodedInput(), scalars);
                    break;
                case (7, WireFormat.WireType.LengthDelimited):
                    status = ParseStatus(input.ReadBytes().CreateCodedInput());
                    break;
                default:
                    Assert.Fail($"An event has the unexpected tag {tag}.");
                    break;
            }
        return new(wallTime, step, version, status, scalars);
    }

    private static void ParseSummary(CodedInputStream summary, Dictionary<string, float> scalars)
    {
        while (summary.ReadTag() is not 0 and var tag)
        {
            Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), tag);
            var value = summary.ReadBytes().CreateCodedInput();
            Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), value.ReadTag());
            var name = value.ReadString();
            Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.Fixed32), value.ReadTag());
            scalars.Add(name, value.ReadFloat());
            Assert.True(value.IsAtEnd);
        }
    }

    private static int ParseStatus(CodedInputStream session)
    {
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.Varint), session.ReadTag());
        return session.ReadEnum();
    }
}
