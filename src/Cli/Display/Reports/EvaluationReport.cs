using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Evaluation;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>A network held against its original.</summary>
/// <param name="Agreement">On the test images.</param>
/// <param name="Layers">The weight errors.</param>
internal sealed record Comparison(Agreement Agreement, IReadOnlyList<WeightError> Layers);

/// <summary>What <c>nern evaluate</c> prints.</summary>
/// <param name="File">What was evaluated.</param>
/// <param name="Classified">The test images.</param>
internal sealed record EvaluationReport(string File, Classification Classified) : IReport
{
    // Of few classes five are too many to say anything.
    private const int FewClasses = 100;

    /// <summary>With the original, if one was given.</summary>
    internal Comparison? Comparison { get; init; }

    private bool ShowsTopFive => Classified.Labels.Length > 0 && Classified.Logits.Length / Classified.Labels.Length > FewClasses;

    /// <inheritdoc/>
    public JsonObject ToJson()
    {
        var accuracy = Classified.Accuracy;
        var json = new JsonObject
        {
            ["file"] = File,
            ["accuracy"] = accuracy.Share,
            ["correct"] = accuracy.Correct,
            ["images"] = accuracy.Count,
        };
        if (ShowsTopFive)
            json["topFive"] = Classified.TopFive.Share;
        if (Comparison is { Agreement: var agreement, Layers: var layers })
        {
            json["agreement"] = agreement.Share;
            json["same"] = agreement.Same;
            json["meanKl"] = agreement.MeanDivergence;
            json["relativeWeightError"] = WeightError.Sum(layers).Relative;
            json["layers"] = new JsonArray([.. layers.Select(layer => new JsonObject
            {
                ["name"] = layer.Layer,
                ["weights"] = layer.Weights,
                ["relativeError"] = layer.Relative,
            })]);
        }
        return json;
    }

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        terminal.Output.WriteLine($"accuracy  {Classified.Accuracy}");
        if (ShowsTopFive)
            terminal.Output.WriteLine($"top five  {Classified.TopFive}");
        if (Comparison is not { Agreement: var agreement, Layers: var layers })
            return;
        terminal.Output.WriteLine($"agreement {agreement}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("layer"), new TableColumn("weights").RightAligned(), new TableColumn("relative weight error").RightAligned());
        foreach (var layer in layers.Append(WeightError.Sum(layers)))
            table.AddRow(Markup.Escape(layer.Layer), Figures.Count(layer.Weights), Figures.Fraction(layer.Relative));
        terminal.Console.Write(table);
    }
}
