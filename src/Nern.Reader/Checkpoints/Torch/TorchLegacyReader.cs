using Nern.Files;

namespace Nern.Checkpoints.Torch;

/// <summary>
/// Reads what torch.save wrote before version 1.6 and still writes on request: one after another the pickles of a magic number,
/// the protocol version, facts about the machine, the object itself, and the keys of its storages; then for each key in turn
/// the number of elements (8 bytes, little-endian) and the elements.
/// </summary>
internal static class TorchLegacyReader
{
    // Protocol 2, the 10-byte integer 0x1950a86a20f9469cfc6c, stop.
    private static ReadOnlySpan<byte> Magic => [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    private const long ProtocolVersion = 1001;

    /// <summary>Whether <paramref name="bytes"/> begin as such a file does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>The states of the checkpoint; their tensors share <paramref name="bytes"/> where their layout allows it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds no tensors.</exception>
    public static IReadOnlyList<StoredState> Read(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Take((ulong)Magic.Length);
        var storages = new TorchStorages();
        var unpickler = new Unpickler(reader, TorchGlobals.Find, storages.Declare);

        if (unpickler.Load() is not (long and ProtocolVersion))
            throw new InvalidDataException(
                $"is a legacy PyTorch checkpoint of an unknown version; expected protocol version {ProtocolVersion}.");
        if (unpickler.Load() is PickleDictionary machine && machine.Find("little_endian") is false)
            throw new InvalidDataException("was written on a big-endian machine; expected little-endian numbers.");
        var root = unpickler.Load();
        var stored = ReadStorages(reader, unpickler.Load(), storages);

        return TorchStateDict.FindAll(root, bytes.Length, storage => stored.TryGetValue(storage.Key, out var data)
            ? data
            : throw new InvalidDataException($"holds no data for the storage {MalformedFile.Quote(storage.Key)}."));
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadStorages(ByteReader reader, object? keys, TorchStorages storages)
    {
        if (keys is not List<object?> list)
            throw new InvalidDataException($"lacks the list of its storages; found {Unpickler.Describe(keys)}.");
        var stored = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var key in list)
        {
            if (key is not string name)
                throw new InvalidDataException($"lists its storages by key; expected strings, found {Unpickler.Describe(key)}.");
            var storage = storages.Find(name)
                ?? throw new InvalidDataException($"lists the storage {MalformedFile.Quote(name)}, which no tensor uses.");
            // Where it ends is not known, so those behind it are out of reach too.
            if (storage.Elements.Size == 0)
                break;
            var count = reader.ReadUInt64();
            if (count != (ulong)storage.Count)
                throw new InvalidDataException(
                    $"holds {count} elements of the storage {MalformedFile.Quote(name)}; expected {storage.Count}.");
            if (!stored.TryAdd(name, reader.Take((ulong)storage.ByteCount)))
                throw new InvalidDataException($"lists the storage {MalformedFile.Quote(name)} twice.");
        }
        return stored;
    }
}
