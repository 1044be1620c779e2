using System.Buffers.Binary;
using System.Text;

namespace Nern.Tests.Checkpoints.Torch;

/// <summary>Pickles put together instruction by instruction.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [0x80, 2];

    public byte[] Stop() => [.. _bytes, (byte)'.'];

    public PickleBuilder Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Op(string opcodes) => Raw(Encoding.ASCII.GetBytes(opcodes));

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Int(int value)
    {
        var bytes = new byte[5];
        bytes[0] = (byte)'J';
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), value);
        return Raw(bytes);
    }

    public PickleBuilder Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleBuilder Ints(params int[] values)
    {
        Op("(");
        foreach (var value in values)
            Int(value);
        return Op("t");
    }

    /// <summary>A storage: the persistent id of (storage, type, key, location, count).</summary>
    public PickleBuilder Storage(string type, string key, int count) =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cuda:0").Int(count).Op("tQ");

    /// <summary>A call of _rebuild_tensor on the storage '0' of <paramref name="count"/> float32.</summary>
    public PickleBuilder Tensor(int count, int offset, int[] size, int[] stride) =>
        Global("torch._utils", "_rebuild_tensor").Op("(").Storage("FloatStorage", "0", count).Int(offset).Ints(size).Ints(stride).Op("tR");

    /// <summary>A zip checkpoint whose pickle is a dictionary with the tensor 'w', over a storage '0' that holds 0, 1, 2….</summary>
    public static byte[] ZipOfTensor(int count, int offset, int[] size, int[] stride) =>
        Zip(new PickleBuilder().Op("}").Text("w").Tensor(count, offset, size, stride).Op("s").Stop(), count);

    /// <summary>A zip checkpoint of this pickle, with a storage '0' of <paramref name="count"/> float32 that holds 0, 1, 2….</summary>
    public static byte[] Zip(byte[] pickle, int count = 0)
    {
        var data = Enumerable.Range(0, count).SelectMany(i => BitConverter.GetBytes((float)i)).ToArray();
        return TestFiles.Zip(System.IO.Compression.CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/data/0", data));
    }

    /// <summary>A legacy checkpoint of these pickles after the magic number and the protocol version.</summary>
    public static byte[] Legacy(params byte[][] rest) =>
    [
        0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.',
        .. new PickleBuilder().Int(1001).Stop(), .. rest.SelectMany(part => part),
    ];
}
