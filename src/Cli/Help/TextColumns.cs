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
        var column = Indent + Gap + rows.Select(row => row.Name.Length).Where(length => length <= LongestName).DefaultIfEmpty(LongestName).Max();
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

    /// <summary>The lines of <paramref name="text"/>, broken between words; its own line breaks stay.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
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
