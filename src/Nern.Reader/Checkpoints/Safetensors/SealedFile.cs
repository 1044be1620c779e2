using System.Security.Cryptography;
using System.Text;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Safetensors;

/// <summary>
/// A safetensors file whose metadata begins with a format of ours and holds a SHA-256 over all its bytes, itself read as zeros; a
/// file that was altered or cut is refused (docs/formats.md).
/// </summary>
/// <param name="format">What the metadata calls the format.</param>
/// <param name="version">Its version.</param>
internal sealed class SealedFile(string format, string version)
{
    private const int DigestLength = 64;
    private const string VersionKey = "nern.version";

    private static readonly byte[] DigestKey = Encoding.UTF8.GetBytes("\"nern.digest\":\"");
    private readonly byte[] _opening = Encoding.UTF8.GetBytes($"{{\"__metadata__\":{{\"format\":\"{format}\"");

    /// <summary>Other versions that it reads.</summary>
    internal IReadOnlyList<string> AlsoReads { get; init; } = [];

    /// <summary>The version of a file that was read.</summary>
    internal static string VersionOf(Checkpoint file) => file.Metadata[VersionKey];

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal void Save(
        string path, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var bytes = Unsealed(tensors, metadata);
        Encoding.ASCII.GetBytes(Digest(bytes)).CopyTo(bytes, DigestPosition(bytes)!.Value);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The digest that the file has.</summary>
    internal string DigestOf(
        IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        Digest(Unsealed(tensors, metadata));

    /// <summary>The bytes that the file takes.</summary>
    internal long SizeOf(
        IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        CountingStream.Count(stream => SafetensorsWriter.Write(stream, tensors, Unsealed(metadata)));

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="description">What it should be, such as <c>a .nern file</c>.</param>
    /// <exception cref="NernException">It is missing, of another format or version, or was altered.</exception>
    internal Checkpoint Load(string path, string description) => Read(InputFile.Read(path, description), path, description);

    /// <summary>Reads a file that is already in memory.</summary>
    internal Checkpoint Read(byte[] bytes, string path, string description)
    {
        if (!Recognises(bytes))
            throw new NernException(
                $"'{path}' is not {description}: expected a safetensors file whose metadata begins with the format '{format}'.");
        var file = SafetensorsReader.Read(bytes, path);
        var found = file.Metadata.GetValueOrDefault(VersionKey);
        if (found != version && !AlsoReads.Contains(found))
            throw new NernException(
                $"'{path}' has version {found ?? "none"} of its format; this program reads version {string.Join(" and ", [.. AlsoReads, version])}.");
        CheckDigest(bytes, path);
        return file;
    }

    /// <summary>Whether a file says of itself that it is of this format; false for one that cannot be read.</summary>
    internal bool Recognises(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[sizeof(ulong) + _opening.Length];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && Recognises(start);
        }
        catch (Exception exception) when (FileFailure.Is(exception) || exception is ArgumentException)
        {
            return false;
        }
    }

    private bool Recognises(ReadOnlySpan<byte> bytes) => bytes.Length > sizeof(ulong) && bytes[sizeof(ulong)..].StartsWith(_opening);

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private byte[] Unsealed(IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        SafetensorsWriter.Write(buffer, tensors, Unsealed(metadata));
        return buffer.ToArray();
    }

    private Dictionary<string, string> Unsealed(IReadOnlyDictionary<string, string> metadata) => new(metadata)
    {
        ["format"] = format,
        [VersionKey] = version,
        ["nern.digest"] = new string('0', DigestLength),
    };

    private static int? DigestPosition(ReadOnlySpan<byte> bytes)
    {
        var key = bytes.IndexOf(DigestKey);
        return key < 0 || key + DigestKey.Length + DigestLength > bytes.Length ? null : key + DigestKey.Length;
    }

    private static void CheckDigest(byte[] bytes, string path)
    {
        if (DigestPosition(bytes) is not { } position)
            throw new NernException($"'{path}' has no digest: expected {DigestLength} hexadecimal digits as nern.digest in its metadata.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes, 0, position);
        hash.AppendData(Encoding.ASCII.GetBytes(new string('0', DigestLength)));
        hash.AppendData(bytes, position + DigestLength, bytes.Length - position - DigestLength);
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        var expected = Encoding.ASCII.GetString(bytes, position, DigestLength);
        if (found != expected)
            throw new NernException($"'{path}' was altered after it was written: its digest says {expected[..12]}…, its content has {found[..12]}….");
    }
}
