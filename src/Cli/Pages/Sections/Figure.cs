using Nern.Pictures;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>Pictures in a page, within its file.</summary>
internal static class Figure
{
    /// <summary>A picture below its title.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="title">Its title.</param>
    /// <param name="description">What it shows, for those who do not see it.</param>
    internal static Html Of(Picture picture, string title, string description) => Tag(
        "figure", [("class", "picture")], Tag("figcaption", title), Tag("img",
        [
            ("src", $"data:image/png;base64,{Convert.ToBase64String(PngFile.ToBytes(picture))}"), ("alt", description),
            ("width", $"{picture.Width}"), ("height", $"{picture.Height}"),
        ]));

    /// <summary>Pictures side by side.</summary>
    internal static Html Row(params ReadOnlySpan<Html> pictures)
    {
        var row = None;
        foreach (var picture in pictures)
            row += picture;
        return Tag("div", [("class", "row")], row);
    }
}
