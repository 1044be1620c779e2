using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Nern.Cli.Pages;

/// <summary>A piece of a page. Texts become one by being encoded, so that no name in a file is ever read as markup.</summary>
internal readonly struct Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly HashSet<string> Void = ["img", "meta", "br"];

    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static implicit operator Html(string text) => new(Encoder.Encode(text));

    public static Html operator +(Html left, Html right) => new(left.ToString() + right.ToString());

    /// <summary>Nothing.</summary>
    internal static Html None => default;

    /// <summary>An element without attributes.</summary>
    internal static Html Tag(string name, params ReadOnlySpan<Html> content) => Tag(name, [], content);

    /// <summary>An element; attributes whose value is null are left out, those with none have an empty one.</summary>
    internal static Html Tag(string name, (string Name, string? Value)[] attributes, params ReadOnlySpan<Html> content)
    {
        var markup = new StringBuilder().Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
            if (value is not null)
                markup.Append(' ').Append(attribute).Append("=\"").Append(Encoder.Encode(value)).Append('"');
        markup.Append('>');
        foreach (var part in content)
            markup.Append(part);
        return new((Void.Contains(name) ? markup : markup.Append("</").Append(name).Append('>')).ToString());
    }

    /// <summary>Pieces one after the other.</summary>
    internal static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    /// <summary>What comes with the program, as it is: styles and scripts, and JSON whose writer has encoded it.</summary>
    internal static Html Trusted(string markup) => new(markup);

    /// <inheritdoc/>
    public override string ToString() => _markup ?? "";
}
