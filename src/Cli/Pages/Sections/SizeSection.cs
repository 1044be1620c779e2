using Nern.Cli.Display.Reports;
using Nern.Compression;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>What the file takes, part by part and against its original.</summary>
internal sealed class SizeSection(Findings findings) : Section("size", "How big it is")
{
    internal override Html Content()
    {
        var sizes = findings.Sizes;
        var parts = new HtmlTable("part", "#bytes", "#of the file");
        foreach (var (name, bytes) in SizeParts.Of(findings.Representation, sizes))
            Add(name, bytes);
        parts.Sum("whole file", Figures.Count(sizes.File), Figures.Percent(1));

        var usual = new HtmlTable("the original", "#bytes", "#this file, of it");
        if (findings.Representation.Provenance.Source is { } source)
            Compare("its file", source.Bytes);
        foreach (var (name, bytes) in findings.Usual.Rows)
            Compare(name, bytes);
        return Tag(
                "div", [("class", "pair")],
                parts.ToHtml($"What {findings.Name} is made of; the header has the architecture, the predictor's design and where it "
                    + "comes from."),
                usual.ToHtml(
                    "The whole file against its original by usual means. Numbers alone leave out names, shapes and the architecture, "
                    + "which this file has."))
            + (findings.Usual.Int8 is null
                ? Absent($"Give --original NETWORK to compare with {UsualSizes.Int8Name}, which takes its "
                    + "numbers.") : None);

        void Add(string part, long bytes) =>
            parts.Add(part, Figures.Count(bytes), HtmlTable.Bar(Figures.Percent((double)bytes / sizes.File), (double)bytes / sizes.File));

        void Compare(string name, long bytes)
        {
            if (bytes > 0)
                usual.Add(name, Figures.Count(bytes), Figures.Percent((double)sizes.File / bytes));
        }
    }
}
