using Nern.Compression;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>Rows of a summary that hold a whole file of ours against what its original takes by usual means.</summary>
internal static class UsualSizeRows
{
    /// <summary>Adds them to a table of a name, the original and ours.</summary>
    internal static void Add(Table table, UsualSizes sizes, long file)
    {
        foreach (var (name, bytes) in sizes.Rows)
            table.AddRow(name, Figures.Bytes(bytes), $"{Figures.Percent((double)file / bytes)} of it");
    }
}
