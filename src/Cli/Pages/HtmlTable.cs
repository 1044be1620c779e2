using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages;

/// <summary>A table of a page. Columns whose title begins with # hold numbers and stand to the right.</summary>
internal sealed class HtmlTable(params string[] columns)
{
    private readonly List<Html> _rows = [];
    private Html _foot;

    /// <summary>A row of it.</summary>
    internal HtmlTable Add(params ReadOnlySpan<Html> cells)
    {
        _rows.Add(Row(cells));
        return this;
    }

    /// <summary>The last row, of all others together.</summary>
    internal HtmlTable Sum(params ReadOnlySpan<Html> cells)
    {
        _foot = Tag("tfoot", Row(cells));
        return this;
    }

    /// <summary>The table below what it shows.</summary>
    /// <param name="caption">What it shows.</param>
    internal Html ToHtml(Html caption) => Tag(
        "figure", [("class", "table")], Tag("figcaption", caption),
        Tag("div", [("class", "scroll"), ("tabindex", "0")], Tag(
            "table",
            Tag("thead", Tag("tr", Join(columns.Select(title =>
                Tag("th", [("scope", "col"), ("class", ClassOf(title))], title.TrimStart('#')))))),
            Tag("tbody", Join(_rows)), _foot)));

    /// <summary>A number with a bar behind it.</summary>
    /// <param name="text">The number.</param>
    /// <param name="share">How much of the cell the bar takes, 0 to 1.</param>
    internal static Html Bar(string text, double share) => Tag(
        "span", [("class", "bar"), ("style", $"--share:{Figures.Fixed(double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0, 3)}")], text);

    private Html Row(ReadOnlySpan<Html> cells)
    {
        var row = None;
        for (var i = 0; i < cells.Length; i++)
            row += i == 0 && ClassOf(columns[0]) is null
                ? Tag("th", [("scope", "row")], cells[i])
                : Tag("td", [("class", ClassOf(columns[i]))], cells[i]);
        return Tag("tr", row);
    }

    private static string? ClassOf(string title) => title.StartsWith('#') ? "number" : null;
}
