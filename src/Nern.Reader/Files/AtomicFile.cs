namespace Nern.Files;

/// <summary>Writes a file so that a reader, a crash or a full disk never meets half of it.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it
    /// over <paramref name="path"/>. On any failure the temporary file is removed and what stood at the path stays.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content; its own exceptions pass through, except those of input and output.</param>
    /// <exception cref="NernException">The place cannot be written; the message names the path and the reason.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new NernException($"'{path.Replace('\0', '?')}' could not be written: it is not the path of a file.");
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            throw new NernException($"'{path}' could not be written: expected the path of a file, found a folder.");

        // The temporary file is beside the other, because a rename is atomic only within one file system.
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new NernException($"'{path}' could not be written: the folder '{folder}' does not exist.");
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (FileFailure.Is(exception))
            {
                // The name of the temporary file would say nothing.
                var reason = exception.Message.Replace($" : '{temporary}'", ".", StringComparison.Ordinal);
                throw new NernException($"'{path}' could not be written: {reason}", exception);
            }
            throw;
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        // What made the write fail may stop this too, and is the better message.
        catch (Exception exception) when (FileFailure.Is(exception))
        {
        }
    }
}
