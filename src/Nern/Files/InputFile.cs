namespace Nern.Files;

/// <summary>Reads whole files.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for the message.</param>
    /// <exception cref="NernException">It cannot be read.</exception>
    internal static byte[] Read(string path, string expected)
    {
        if (Directory.Exists(path))
            throw new NernException($"'{path}' cannot be read: expected {expected}, found a folder.");
        if (!File.Exists(path))
            throw new NernException($"'{path}' cannot be read: expected {expected}, found no such file.");
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > Array.MaxLength)
                throw new NernException($"'{path}' cannot be read: expected at most {Array.MaxLength} bytes, found {stream.Length}.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NernException($"'{path}' cannot be read: expected {expected}, found an error: {exception.Message}", exception);
        }
    }
}
