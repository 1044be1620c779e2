using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Insight;
using Nern.Sweeps.Tables;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>What <c>nern importance</c> prints.</summary>
/// <param name="File">What was looked at.</param>
/// <param name="Filters">All its filters, layer by layer.</param>
/// <param name="Images">Images that the activations are of; null if there were none.</param>
/// <param name="Similarity">Of the file's embedding, where it has one.</param>
internal sealed record ImportanceReport(
    string File, IReadOnlyList<FilterImportance> Filters, int? Images, EmbeddingSimilarity? Similarity) : IReport
{
    private ImportanceCorrelation? Correlation => Images is null ? null : ImportanceCorrelation.Of(Filters);

    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["images"] = Images,
        ["correlation"] = Correlation is not { } found ? null : new JsonObject
        {
            ["pearson"] = Describe(found.Pearson),
            ["spearman"] = Describe(found.Spearman),
            ["spearmanWithinLayers"] = Describe(found.WithinLayers),
        },
        ["filters"] = new JsonArray([.. Filters.Select(filter => new JsonObject
        {
            ["layer"] = filter.Layer,
            ["filter"] = filter.Filter,
            ["norm"] = Number(filter.Norm),
            ["relativeError"] = Number(filter.RelativeError),
            ["meanActivation"] = Number(filter.MeanActivation),
        })]),
        ["embeddingSimilarity"] = Similarity is null ? null : new JsonObject
        {
            ["reference"] = Similarity.Reference,
            ["cosine"] = new JsonArray([.. Similarity.Cosine.Select(value => Number(value))]),
            ["normalized"] = new JsonArray([.. Similarity.Normalized.Select(value => Number(value))]),
        },
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("layer");
        foreach (var title in (string[])["filters", "relative error, mean", "least", "most", "mean activation"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var layer in Filters.GroupBy(filter => filter.Layer))
        {
            double[] errors = [.. layer.Select(filter => filter.RelativeError)];
            table.AddRow(
                Markup.Escape(layer.Key), Figures.Count(errors.Length), Figures.Fraction(errors.Average()), Figures.Fraction(errors.Min()),
                Figures.Fraction(errors.Max()), layer.Average(filter => filter.MeanActivation) is { } mean ? Figures.Fraction(mean) : "");
        }
        terminal.Console.Write(table);
        if (Correlation is not { } found)
        {
            terminal.Output.WriteLine("With --data SOURCE there is also how active the map of each filter is, and whether errors go "
                + "with it.");
            return;
        }
        terminal.Output.WriteLine(
            $"Correlation of relative error and mean activation ({Images} images), with 95 % intervals; below 0 where active filters "
            + "are given back better:");
        terminal.Output.WriteLine($"  Pearson                 {Text(found.Pearson)}");
        terminal.Output.WriteLine($"  Spearman                {Text(found.Spearman)}");
        terminal.Output.WriteLine($"  Spearman within layers  {Text(found.WithinLayers)}");
    }

    /// <summary>A line for each filter, for programs.</summary>
    internal void WriteCsv(Terminal terminal)
    {
        terminal.Output.WriteLine("layer,filter,norm,relative_error,mean_activation");
        foreach (var filter in Filters)
            terminal.Output.WriteLine(
                CsvTable.Line([filter.Layer, filter.Filter, filter.Norm, filter.RelativeError, filter.MeanActivation]));
        terminal.CheckOutput();
    }

    /// <summary>For example <c>-0.312 (-0.38 to -0.24), 688 filters</c>.</summary>
    internal static string Text(Correlation correlation) => double.IsNaN(correlation.Value)
        ? $"none: {correlation.Count} filters tell nothing"
        : $"{Figures.Fixed(correlation.Value, 3)} ({Figures.Fixed(correlation.Low, 3)} to {Figures.Fixed(correlation.High, 3)}), "
            + $"{Figures.Count(correlation.Count)} filters";

    private static JsonObject Describe(Correlation correlation) => new()
    {
        ["value"] = Number(correlation.Value),
        ["low"] = Number(correlation.Low),
        ["high"] = Number(correlation.High),
        ["filters"] = correlation.Count,
    };

    private static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
