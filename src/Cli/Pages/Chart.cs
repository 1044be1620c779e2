using System.Text.Json;
using System.Text.Json.Serialization;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages;

/// <summary>A chart, drawn by the page's script with Observable Plot.</summary>
internal sealed record Chart
{
    // The usual encoder leaves nothing that a page could read as markup.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Lines through the points of each series, or dots.</summary>
    public required string Kind { get; init; }

    /// <summary>What stands below; of several the reader chooses one, and points have as many coordinates before their height.</summary>
    public required IReadOnlyList<string> X { get; init; }

    /// <summary>What stands at the side.</summary>
    public required string Y { get; init; }

    /// <summary>Whether heights are powers.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Whether places below are powers too.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>The points.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Places along the lines.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>A height to compare with.</summary>
    public ChartMark? Level { get; init; }

    /// <summary>The chart above what it shows.</summary>
    /// <param name="caption">What it shows.</param>
    internal Html ToHtml(Html caption) => Tag(
        "figure", [("class", "chart")],
        Tag("div", [("class", "drawing"), ("role", "img"), ("aria-label", $"{Y} by {X[0]}")]),
        Tag("script", [("type", "application/json")], Trusted(JsonSerializer.Serialize(this, Options))),
        Tag("figcaption", caption));
}

/// <summary>Points of one colour.</summary>
/// <param name="Name">What they are of.</param>
/// <param name="Points">Coordinates and the height of each.</param>
/// <param name="Labels">A text for each point, shown where it is pointed at.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<double[]> Points, IReadOnlyList<string>? Labels = null);

/// <summary>A line with a text, at a value of each coordinate or at a height.</summary>
/// <param name="Name">The text.</param>
/// <param name="At">Where.</param>
internal sealed record ChartMark(string Name, IReadOnlyList<double> At);
