using System.Formats.Tar;
using System.IO.Compression;

namespace Nern.Data.Download;

/// <summary>Unpacks what is wanted of an archive: the plain files of one folder. All else in it is passed over.</summary>
internal static class ArchiveUnpacking
{
    /// <summary>More than any of the data sets takes, and little enough for any disk.</summary>
    private const long MostBytes = 1L << 29;

    private static readonly string[] Kinds = [".bin", ".txt", ".html"];

    /// <summary>Unpacks into a folder beside <paramref name="target"/>, and names it so when all is there.</summary>
    /// <exception cref="NernException">It is no such archive.</exception>
    internal static void Unpack(string path, DownloadableArchive archive, string target, CancellationToken stop)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            UnpackFiles(path, archive, temporary, stop);
            Directory.Move(temporary, target);
        }
        catch (Exception exception)
        {
            Directory.Delete(temporary, recursive: true);
            if (exception is InvalidDataException or EndOfStreamException)
                throw new NernException($"'{path}' could not be unpacked: {exception.Message}", exception);
            throw;
        }
    }

    private static void UnpackFiles(string path, DownloadableArchive archive, string folder, CancellationToken stop)
    {
        using var file = File.OpenRead(path);
        using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new TarReader(plain);
        var total = 0L;
        while (reader.GetNextEntry() is { } entry)
        {
            stop.ThrowIfCancellationRequested();
            total += entry.Length;
            if (total > MostBytes)
                throw new InvalidDataException($"it holds more than {MostBytes} bytes");
            if (NameOf(entry, archive.Folder) is { } name)
                Write(entry, Path.Combine(folder, name));
        }
        if (archive.Images.FirstOrDefault(image => !File.Exists(Path.Combine(folder, image))) is { } missing)
            throw new InvalidDataException($"'{archive.Folder}/{missing}' is not in it");
    }

    /// <summary>The name of a file directly in the folder, or null: no links, no other folders, no other kinds.</summary>
    private static string? NameOf(TarEntry entry, string folder)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            return null;
        var name = Path.GetFileName(entry.Name);
        var inFolder = entry.Name == $"{folder}/{name}" || entry.Name == $"./{folder}/{name}";
        return inFolder && Kinds.Contains(Path.GetExtension(name)) ? name : null;
    }

    private static void Write(TarEntry entry, string path)
    {
        using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        entry.DataStream?.CopyTo(output);
        output.Flush(flushToDisk: true);
    }
}
