using Nern.Files;

namespace Nern.Sweeps.Tables;

/// <summary>The files beside runs.jsonl that are made from it.</summary>
internal static class SweepTables
{
    internal const string Markdown = "table.md";

    /// <summary>Writes all of them anew.</summary>
    internal static void Write(string folder, SweepHeader header, IReadOnlyList<PointSummary> summaries)
    {
        Write(Path.Combine(folder, Markdown), MarkdownTable.Lines(header, summaries));
        Write(Path.Combine(folder, "table.csv"), CsvTable.Points(summaries));
        Write(Path.Combine(folder, "curves.csv"), CsvTable.Curves(summaries));
    }

    private static void Write(string path, IEnumerable<string> lines) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
            writer.WriteLine(line);
    });
}
