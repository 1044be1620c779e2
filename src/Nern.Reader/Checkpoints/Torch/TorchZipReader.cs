using System.IO.Compression;
using System.Text;
using Nern.Files;

namespace Nern.Checkpoints.Torch;

/// <summary>
/// Reads what torch.save writes since version 1.6: an uncompressed zip archive of <c>NAME/data.pkl</c>, the pickled object,
/// <c>NAME/data/KEY</c>, the elements of each storage, and possibly <c>NAME/byteorder</c>.
/// Checksums are not compared: PyTorch can be told not to compute them.
/// </summary>
internal sealed class TorchZipReader
{
    private const string PickleName = "/data.pkl";

    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _contents = [];
    private readonly string _folder;

    private TorchZipReader(IReadOnlyCollection<ZipArchiveEntry> entries, long fileSize)
    {
        // Before the entries are judged: torch.jit.save packs its code.
        if (entries.Any(entry => entry.FullName.EndsWith("/constants.pkl", StringComparison.Ordinal)))
            throw new InvalidDataException(
                "is a TorchScript archive, a program along with its tensors, and no program is run: save the tensors with "
                + "torch.save(torch.jit.load(FILE).state_dict(), 'state.pth').");
        var total = 0L;
        foreach (var entry in entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
                throw new InvalidDataException($"is a zip archive with two entries {MalformedFile.Quote(entry.FullName)}.");
            // torch.save stores entries as they are. Then no archive can unpack to more than its own size.
            if (entry.Length != entry.CompressedLength || entry.Length > fileSize - total)
                throw new InvalidDataException(
                    $"is a zip archive whose entry {MalformedFile.Quote(entry.FullName)} would unpack "
                    + $"from {entry.CompressedLength} to {entry.Length} bytes; expected entries stored as they are within {fileSize} bytes.");
            total += entry.Length;
        }
        var pickle = _entries.Keys.FirstOrDefault(name => name.EndsWith(PickleName, StringComparison.Ordinal))
            ?? throw new InvalidDataException(
                "is a zip archive but no PyTorch checkpoint: expected an entry 'data.pkl' in its folder, found none.");
        _folder = pickle[..^PickleName.Length];
    }

    /// <summary>Whether <paramref name="bytes"/> begin as a zip archive does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    /// <summary>The states of the checkpoint.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds no tensors.</exception>
    public static IReadOnlyList<StoredState> Read(byte[] bytes)
    {
        // Not disposed of: states are read when they are needed, and nothing but memory is behind it.
        var archive = Unzip(() => new ZipArchive(new MemoryStream(bytes, writable: false)));
        return new TorchZipReader(Unzip(() => archive.Entries), bytes.Length).ReadStates(bytes.Length);
    }

    private IReadOnlyList<StoredState> ReadStates(long fileSize)
    {
        if (_entries.ContainsKey($"{_folder}/byteorder") && Encoding.ASCII.GetString(Content("byteorder").Span) is not "little")
            throw new InvalidDataException("was written on a big-endian machine; expected little-endian numbers.");
        var unpickler = new Unpickler(new ByteReader(Content("data.pkl")), TorchGlobals.Find, new TorchStorages().Declare);
        return TorchStateDict.FindAll(unpickler.Load(), fileSize, ReadStorage);
    }

    private ReadOnlyMemory<byte> ReadStorage(TorchStorage storage)
    {
        var data = Content($"data/{storage.Key}");
        if (data.Length != storage.ByteCount)
            throw new InvalidDataException(
                $"holds {data.Length} bytes of the storage {MalformedFile.Quote(storage.Key)}; "
                + $"expected {storage.ByteCount} for {storage.Count} of {storage.Elements.Shown}.");
        return data;
    }

    private ReadOnlyMemory<byte> Content(string name)
    {
        if (_contents.TryGetValue(name, out var content))
            return content;
        if (!_entries.TryGetValue($"{_folder}/{name}", out var entry))
            throw new InvalidDataException($"is a PyTorch checkpoint without its entry {MalformedFile.Quote(name)}.");
        return _contents[name] = Unzip(() => ReadAll(entry));
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    // All is read from memory, so whatever goes wrong is the archive's own structure.
    private static T Unzip<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"is a damaged zip archive: {exception.Message}", exception);
        }
    }
}
