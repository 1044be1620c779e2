using Nern.Files;

namespace Nern.Cli.Shell;

/// <summary>The file or folder a command is going to write; checked before the work that makes its content.</summary>
internal static class OutputFile
{
    /// <summary>Links that lead in a circle are followed no further than this.</summary>
    private const int MostLinks = 10;

    /// <summary>Makes sure that a file can be written at <paramref name="path"/>, and leaves nothing behind.</summary>
    /// <param name="path">Where the file is to be.</param>
    /// <param name="sources">The files the command reads, which must not be replaced.</param>
    /// <exception cref="NernException">It cannot be written.</exception>
    internal static void Check(string path, params ReadOnlySpan<string> sources)
    {
        if (path.Length == 0 || path.Contains('\0') || Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            throw new NernException($"'{path}' could not be written: expected the path of a file.");
        var full = Path.GetFullPath(path);
        foreach (var source in sources)
            if (Target(full) == Target(source))
                throw new NernException($"'{path}' could not be written: it is the file that is read.");
        // A file is put in place by renaming, which would replace a device by the file.
        if (full.StartsWith("/dev/", StringComparison.Ordinal))
            throw new NernException($"'{path}' could not be written: expected a place for a file, found a device.");
        Probe(path, Path.GetDirectoryName(full)!);
    }

    /// <summary>Makes sure that files can be written into the folder at <paramref name="path"/>, which need not be there yet.</summary>
    /// <exception cref="NernException">They cannot.</exception>
    internal static void CheckFolder(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new NernException($"'{path}' could not be written: expected the path of a folder.");
        if (File.Exists(path))
            throw new NernException($"'{path}' could not be written: expected a folder, found a file.");
        Probe(path, Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes the folder at <paramref name="path"/>, with those above it, where it is not there yet.</summary>
    /// <exception cref="NernException">It cannot be made.</exception>
    internal static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (FileFailure.Is(exception) || exception is ArgumentException)
        {
            throw new NernException($"'{path}' could not be made as a folder: {exception.Message}", exception);
        }
    }

    /// <summary>The path without links in it, so that two to the same file are equal.</summary>
    private static string Target(string path, int links = MostLinks)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder)
            return full;
        var plain = Path.Combine(Target(folder, links), Path.GetFileName(full));
        try
        {
            return links > 0 && new FileInfo(plain).ResolveLinkTarget(returnFinalTarget: false) is { } target
                ? Target(target.FullName, links - 1)
                : plain;
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            return plain;
        }
    }

    private static void Probe(string path, string folder)
    {
        if (!Directory.Exists(folder))
            throw new NernException($"'{path}' could not be written: the folder '{folder}' does not exist.");
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{path}' could not be written: {exception.Message}", exception);
        }
    }
}
