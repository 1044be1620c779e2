using System.Reflection;
using Nern.Cli.Pages.Sections;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages;

/// <summary>One HTML file that needs no other: what a representation is of, how good and how big, and what it has learnt.</summary>
internal static class Page
{
    private static readonly Assembly Program = typeof(Page).Assembly;

    /// <summary>The page as text.</summary>
    internal static string Of(Findings findings)
    {
        Section[] sections =
        [
            new AccuracySection(findings), new SizeSection(findings), new FitSection(findings), new CurvesSection(findings),
            new LayersSection(findings), new KernelsSection(findings), new ImportanceSection(findings), new EmbeddingSection(findings),
            new OrdersSection(findings), new CompareSection(findings),
        ];
        var title = $"What {findings.Name} has learnt";
        return (Trusted("<!DOCTYPE html>\n") + Tag(
            "html", [("lang", "en")],
            Tag(
                "head", Tag("meta", [("charset", "utf-8")]),
                Tag("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")]),
                Tag("meta", [("name", "color-scheme"), ("content", "light dark")]),
                Tag("title", title), Tag("style", Asset("page.css"))),
            Tag(
                "body",
                Tag("header", Tag("h1", title), Overview.Of(findings), Contents(sections),
                    Tag("noscript", Tag("p", "The charts and the choice of a layer need JavaScript; without it a layer is shown of "
                        + "each, and the tables have the numbers."))),
                Tag("main", Join(sections.Select((section, i) => Show(section, i + 1)))),
                Tag("footer", Tag("p", $"Made by nern {Program.GetName().Version!.ToString(3)}. Charts by Observable Plot and D3 (ISC "
                    + "licence, in this file).")),
                Script("d3.min.js", "d3.LICENSE.txt"), Script("plot.umd.min.js", "plot.LICENSE.txt"),
                Tag("script", Asset("page.js"))))).ToString();
    }

    private static Html Contents(IReadOnlyList<Section> sections) => Tag(
        "nav", [("aria-label", "Contents")],
        Tag("ol", Join(sections.Select(section => Tag("li", Tag("a", [("href", $"#{section.Id}")], section.Title))))));

    private static Html Show(Section section, int number) => Tag(
        "section", [("id", section.Id)], Tag("h2", Tag("span", [("class", "place")], $"{number}"), section.Title),
        section.Missing is { } missing ? Section.Absent(missing) : section.Content());

    private static Html Script(string library, string licence) =>
        Tag("script", Trusted("/*\n") + Asset(licence) + Trusted("*/\n") + Asset(library));

    private static Html Asset(string name)
    {
        using var stream = Program.GetManifestResourceStream($"pages/{name}")!;
        using var reader = new StreamReader(stream);
        return Trusted(reader.ReadToEnd());
    }
}
