using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Evaluation;
using Nern.Files;
using Nern.Insight;
using Nern.Networks;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>One of two networks that are compared.</summary>
/// <param name="File">Its file.</param>
/// <param name="Bytes">What the file takes.</param>
/// <param name="Classified">What it makes of the test images, if there were any and it ends in class scores.</param>
/// <param name="Comparison">With the original, if there was one.</param>
internal sealed record ComparedNetwork(string File, long Bytes, Classification? Classified, Comparison? Comparison);

/// <summary>What <c>nern compare</c> prints.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
/// <param name="Between">Of both with each other, if there were test images.</param>
/// <param name="Layers">The convolutions that both have.</param>
internal sealed record ComparisonReport(
    ComparedNetwork First, ComparedNetwork Second, Comparison? Between, IReadOnlyList<LayerComparison> Layers) : IReport
{
    /// <summary>Compares two networks.</summary>
    /// <param name="first">A network and its file.</param>
    /// <param name="second">Another.</param>
    /// <param name="original">The network that both are of, if it is known.</param>
    /// <param name="classify">What a network makes of the test images; null where there are none.</param>
    internal static ComparisonReport Of(
        (string File, Network Network) first, (string File, Network Network) second, Network? original,
        Func<Network, Classification?> classify)
    {
        var graph = first.Network.Graph;
        var (ours, theirs, expected) = (classify(first.Network), classify(second.Network), original is null ? null : classify(original));
        return new(
            Side(first.File, ours), Side(second.File, theirs), Between(ours, theirs),
            LayerComparison.Of(first.Network, second.Network, original));

        ComparedNetwork Side(string file, Classification? own) => new(
            file, InputFile.LengthOf(file), graph.EndsInFeatures ? null : own, Between(expected, own));

        Comparison? Between(Classification? one, Classification? other) =>
            one is null || other is null ? null : Comparison.Of(graph, one.Logits, other.Logits);
    }

    /// <summary>All layers together.</summary>
    internal LayerComparison Sum => LayerComparison.Sum(Layers);

    /// <summary>How alike both are, as a sentence, if there were test images.</summary>
    internal string? BetweenBoth => Between switch
    {
        { Agreement: { } agreement } =>
            $"They put an image into the same class for {Figures.Percent(agreement.Share)} of {Figures.Count(agreement.Count)} images.",
        { Features: { } features } => $"Between their features: {features}, of {Figures.Count(features.Count)} images.",
        _ => null,
    };

    /// <summary>What is said of both, side by side: a name and a text of each.</summary>
    internal IEnumerable<(string Name, string First, string Second)> Rows
    {
        get
        {
            yield return ("file, bytes", Figures.Count(First.Bytes), Figures.Count(Second.Bytes));
            if (First.Classified is { } first && Second.Classified is { } second)
                yield return ("accuracy", $"{first.Accuracy}", $"{second.Accuracy}");
            if (First.Comparison?.Features is { } near && Second.Comparison?.Features is { } far)
            {
                yield return ("cosine to the original's features", Figures.Fixed(near.Cosine, 4), Figures.Fixed(far.Cosine, 4));
                yield return ("their relative error", Figures.Fraction(near.RelativeError), Figures.Fraction(far.RelativeError));
            }
            if (First.Comparison?.Agreement is { } ours && Second.Comparison?.Agreement is { } theirs)
            {
                yield return ("same class as the original", Figures.Percent(ours.Share), Figures.Percent(theirs.Share));
                yield return ("mean KL to the original", Figures.Small(ours.MeanDivergence), Figures.Small(theirs.MeanDivergence));
            }
            if (Sum is { First: { } one, Second: { } other })
                yield return ("relative weight error", Figures.Fraction(one.Relative), Figures.Fraction(other.Relative));
        }
    }

    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["first"] = Describe(First, Sum.First),
        ["second"] = Describe(Second, Sum.Second),
        ["agreement"] = Between?.Agreement?.Share,
        ["cosine"] = Between?.Features?.Cosine,
        ["relativeDifference"] = Number(Sum.Between.Relative),
        ["layers"] = new JsonArray([.. Layers.Select(layer => new JsonObject
        {
            ["name"] = layer.Layer,
            ["weights"] = layer.Between.Weights,
            ["first"] = Number(layer.First?.Relative),
            ["second"] = Number(layer.Second?.Relative),
            ["between"] = Number(layer.Between.Relative),
        })]),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        var both = new Table { Border = TableBorder.Simple };
        both.AddColumns(
            new TableColumn(""), new TableColumn(Markup.Escape(First.File)).RightAligned(),
            new TableColumn(Markup.Escape(Second.File)).RightAligned());
        foreach (var (name, first, second) in Rows)
            both.AddRow(name, first, second);
        terminal.Console.Write(both);
        if (BetweenBoth is { } sentence)
            terminal.Output.WriteLine(sentence);
        if (Layers.Count == 0)
        {
            terminal.Output.WriteLine("They have no convolution in common.");
            return;
        }
        var known = Sum.First is not null;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("layer");
        foreach (var title in known ? (string[])["weights", "first, error", "second, error", "between both"] : ["weights", "between both"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var layer in Layers.Append(Sum))
            table.AddRow(known
                ? [Markup.Escape(layer.Layer), Figures.Count(layer.Between.Weights), Text(layer.First), Text(layer.Second),
                    Text(layer.Between)]
                : [Markup.Escape(layer.Layer), Figures.Count(layer.Between.Weights), Text(layer.Between)]);
        terminal.Console.Write(table);
        if (!known)
            terminal.Output.WriteLine("With --original NETWORK there is also how far each is from that.");
    }

    private static string Text(WeightError? error) => error is null ? "" : Figures.Fraction(error.Relative);

    private static JsonObject Describe(ComparedNetwork network, WeightError? error) => new()
    {
        ["file"] = network.File,
        ["bytes"] = network.Bytes,
        ["accuracy"] = network.Classified?.Accuracy.Share,
        ["images"] = network.Classified?.Labels.Length,
        ["agreement"] = network.Comparison?.Agreement?.Share,
        ["meanKl"] = network.Comparison?.Agreement?.MeanDivergence,
        ["cosine"] = network.Comparison?.Features?.Cosine,
        ["relativeError"] = network.Comparison?.Features?.RelativeError,
        ["relativeWeightError"] = Number(error?.Relative),
    };

    private static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
