using System.Text;

namespace Nern.Files;

/// <summary>Reads whole files.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for the message.</param>
    /// <param name="atMost">The most bytes it may have.</param>
    /// <exception cref="NernException">It cannot be read, or is larger.</exception>
    internal static byte[] Read(string path, string expected, int atMost = int.MaxValue)
    {
        if (Directory.Exists(path))
            throw new NernException($"'{path}' cannot be read: expected {expected}, found a folder.");
        if (!File.Exists(path))
            throw new NernException($"'{path}' cannot be read: expected {expected}, found no such file.");
        try
        {
            using var stream = File.OpenRead(path);
            var bytes = ReadAll(stream, Math.Min(atMost, Array.MaxLength))
                ?? throw new NernException($"'{path}' cannot be read: expected {expected} of at most {Math.Min(atMost, Array.MaxLength)} bytes, found more.");
            return StandsFor(bytes) is not { } found
                ? bytes
                : throw new NernException($"'{path}' cannot be read: expected {expected}, found {found}.");
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{path}' cannot be read: expected {expected}, found an error: {exception.Message}", exception);
        }
    }

    /// <summary>The text of a small file or of a pipe.</summary>
    /// <exception cref="NernException">It cannot be read, or is larger.</exception>
    internal static string ReadText(string path, string expected, int atMost)
    {
        using var reader = new StreamReader(new MemoryStream(Read(path, expected, atMost)));
        return reader.ReadToEnd();
    }

    private static byte[]? ReadAll(Stream stream, int atMost)
    {
        if (stream.CanSeek && stream.Length > 0)
        {
            if (stream.Length > atMost)
                return null;
            var whole = new byte[stream.Length];
            stream.ReadExactly(whole);
            return whole;
        }
        // Pipes and devices do not tell their length.
        using var memory = new MemoryStream();
        var part = new byte[1 << 16];
        while (stream.Read(part) is > 0 and var count)
        {
            if (memory.Length + count > atMost)
                return null;
            memory.Write(part, 0, count);
        }
        return memory.ToArray();
    }

    /// <summary>The bytes of the file at a path: where a link is there, of what it leads to.</summary>
    internal static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
    }

    // What downloads leave in the place of a file.
    private static string? StandsFor(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("version https://git-lfs.github.com/spec/"u8))
            return "a Git LFS pointer, which names the file and does not hold it: git lfs pull fetches it";
        var start = bytes[..Math.Min(bytes.Length, 256)].TrimStart(" \t\r\n\uFEFF"u8);
        return Ascii.EqualsIgnoreCase(start[..Math.Min(start.Length, 14)], "<!doctype html"u8)
            || Ascii.EqualsIgnoreCase(start[..Math.Min(start.Length, 5)], "<html"u8)
            ? "an HTML page: the address it was downloaded from answers with a page instead of the file"
            : null;
    }
}
