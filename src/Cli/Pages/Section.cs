namespace Nern.Cli.Pages;

/// <summary>A part of the page with a title of its own.</summary>
/// <param name="id">Its name in links.</param>
/// <param name="title">Its title.</param>
internal abstract class Section(string id, string title)
{
    /// <summary>Its name in links.</summary>
    internal string Id => id;

    /// <summary>Its title.</summary>
    internal string Title => title;

    /// <summary>What has to be given for it to have a content, in a sentence; null where nothing is missing.</summary>
    internal virtual string? Missing => null;

    /// <summary>What stands below the title.</summary>
    internal abstract Html Content();

    /// <summary>A line that says what to give for something that is left out.</summary>
    internal static Html Absent(string sentence) => Html.Tag("p", [("class", "missing")], sentence);
}
