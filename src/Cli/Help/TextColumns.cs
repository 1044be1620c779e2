namespace Nern.Cli.Help;

/// <summary>Lays out text in lines of a given width.</summary>
internal static class TextColumns
{
    private const int Indent = 2;
    private const int Gap = 2;

    // A name longer than this has its text on the next line.
    private const int LongestName = 32;

    /// <summary>Names on the left, their texts on the right.</summary>
    internal static void Write(TextWriter output, IReadOnlyList<(string Name, string Text)> rows, int width)
    {
        var lengths = rows.Select(row => row.Name.Length).Where(length => length <= LongestName);
        var column = Indent + Gap + lengths.DefaultIfEmpty(LongestName).Max();
        foreach (var (name, text) in rows)
        {
            var start = new string(' ', Indent) + name;
            if (start.Length + Gap > column)
            {
                output.WriteLine(start);
                start = "";
            }
            foreach (var line in Wrap(text, width - column))
            {
                output.WriteLine(start.PadRight(column) + line);
                start = "";
            }
        }
    }

    /// <summary>What stands before the first empty line of <paramref name="text"/>, as one line.</summary>
    internal static string FirstParagraph(string text) => string.Join(' ', Wrap(text, int.MaxValue).TakeWhile(line => line.Length > 0));

    /// <summary>The lines of <paramref name="text"/>, broken anew between words; empty lines stay.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var (i, paragraph) in text.ReplaceLineEndings("\n").Split("\n\n").Index())
        {
            if (i > 0)
                yield return "";
            var line = "";
            foreach (var word in paragraph.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + word.Length >= width)
                {
                    yield return line;
                    line = word;
                }
                else
                {
                    line = line.Length == 0 ? word : $"{line} {word}";
                }
            }
            yield return line;
        }
    }
}
