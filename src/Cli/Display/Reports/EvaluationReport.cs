using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Evaluation;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>What <c>nern evaluate</c> prints.</summary>
/// <param name="File">What was evaluated.</param>
/// <param name="Classified">The test images; null of a network that ends in features.</param>
internal sealed record EvaluationReport(string File, Classification? Classified) : IReport
{
    // Of few classes five are too many to say anything.
    private const int FewClasses = 100;

    /// <summary>With the original, if one was given.</summary>
    internal Comparison? Comparison { get; init; }

    /// <summary>The weight errors, if one was given.</summary>
    internal IReadOnlyList<WeightError>? Layers { get; init; }

    private bool ShowsTopFive => Classified?.Labels.Length > 0 && Classified.Logits.Length / Classified.Labels.Length > FewClasses;

    /// <inheritdoc/>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["file"] = File };
        if (Classified?.Accuracy is { } accuracy)
        {
            json["accuracy"] = accuracy.Share;
            json["correct"] = accuracy.Correct;
            json["images"] = accuracy.Count;
        }
        if (ShowsTopFive)
            json["topFive"] = Classified!.TopFive.Share;
        if (Comparison?.Agreement is { } agreement)
        {
            json["agreement"] = agreement.Share;
            json["same"] = agreement.Same;
            json["meanKl"] = agreement.MeanDivergence;
            json["expectedLoss"] = agreement.ExpectedLoss;
        }
        if (Comparison?.Features is { } features)
        {
            json["images"] = features.Count;
            json["cosine"] = features.Cosine;
            json["relativeError"] = features.RelativeError;
        }
        if (Layers is { } layers)
        {
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
        if (Classified is not null)
            terminal.Output.WriteLine($"accuracy  {Classified.Accuracy}");
        if (ShowsTopFive)
            terminal.Output.WriteLine($"top five  {Classified!.TopFive}");
        if (Comparison?.Agreement is { } agreement)
            terminal.Output.WriteLine(
                $"agreement {agreement}, {Figures.Fixed(100 * agreement.ExpectedLoss, 2)} points expected to be lost");
        if (Comparison?.Features is { } features)
            terminal.Output.WriteLine($"features  {features}, of {features.Count} images");
        if (Layers is not { } layers)
            return;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("layer"), new TableColumn("weights").RightAligned(), new TableColumn("relative weight error").RightAligned());
        foreach (var layer in layers.Append(WeightError.Sum(layers)))
            table.AddRow(Markup.Escape(layer.Layer), Figures.Count(layer.Weights), Figures.Fraction(layer.Relative));
        terminal.Console.Write(table);
    }
}
