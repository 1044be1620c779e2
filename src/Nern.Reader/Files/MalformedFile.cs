namespace Nern.Files;

/// <summary>Turns what the parsers report about a file's bytes into the exception a user sees.</summary>
internal static class MalformedFile
{
    private const int QuotedLength = 80;
    private const int KeptLength = 200;

    /// <summary>
    /// Runs <paramref name="read"/>. The parsers know only bytes and throw <see cref="InvalidDataException"/> with a
    /// predicate ("ends too early …"); the name of the file becomes its subject here, once.
    /// </summary>
    /// <exception cref="NernException">The bytes are not what the format says.</exception>
    public static T Report<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new NernException($"'{name}' {exception.Message}", exception);
        }
    }

    /// <summary>A message that may quote a file, on one line; of a long one the beginning and the end.</summary>
    public static string Shorten(string message)
    {
        var shown = message.Length <= 2 * KeptLength ? message : $"{message[..KeptLength]}…{message[^KeptLength..]}";
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    /// <summary>Text taken from a file, in quotes: on one line and of a bounded length, whatever the file says.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length <= QuotedLength ? text : text[..QuotedLength] + "…";
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }
}
