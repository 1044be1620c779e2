using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Compression;
using Nern.Evaluation;
using Nern.Files;
using Nern.Networks;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>What a compression has come to, beside what the network takes otherwise.</summary>
/// <param name="Output">The small .nern file.</param>
/// <param name="Original">The network.</param>
/// <param name="Evaluation">Its evaluation.</param>
/// <param name="Accuracy">The original's accuracy on the test images, if there are some.</param>
/// <param name="Evaluations">All on the way.</param>
internal sealed record CompressSummary(
    string Output, Network Original, CompressEvaluation Evaluation, Accuracy? Accuracy, IReadOnlyList<CompressEvaluation> Evaluations)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private UsualSizes Usual { get; } = UsualSizes.Of(Original);

    internal void Write(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "", "original", "small file" })
            table.AddColumn(column);
        if (Accuracy is { } original)
            table.AddRow("accuracy (test images)", original.ToString(), Evaluation.Accuracy.ToString()!);
        if (Evaluation.Agreement is { } agreement)
        {
            table.AddRow("agreement", "", $"{Figures.Percent(agreement.Share)} ({agreement.Same} of {agreement.Count})");
            table.AddRow("mean KL", "", Figures.Small(agreement.MeanDivergence));
        }
        table.AddRow("validation KL", "", Figures.Small(Evaluation.Validation));
        table.AddRow("expected loss (validation)", "", $"{Figures.Fixed(100 * Evaluation.ExpectedLoss, 2)} points");
        var size = InputFile.LengthOf(Output);
        if (Original.Source is { } source)
            table.AddRow("file", Figures.Bytes(source.Bytes), $"{Figures.Bytes(size)} ({Figures.Percent((double)size / source.Bytes)})");
        UsualSizeRows.Add(table, Usual, size);
        table.AddRow("best at step", "", Figures.Count(Evaluation.Step));
        console.Write(table);
    }

    /// <summary>Writes it as JSON.</summary>
    internal void Save(string path)
    {
        var json = new JsonObject
        {
            ["file"] = Output,
            ["bytes"] = Evaluation.Bytes,
            ["originalBytes"] = Original.Source?.Bytes,
            ["originalFloat32"] = Usual.Float32,
            ["originalFloat16"] = Usual.Float16,
            ["originalInt8Lzma"] = Usual.Int8,
            ["originalCorrect"] = Accuracy?.Correct,
            ["best"] = ToJson(Evaluation),
            ["evaluations"] = new JsonArray([.. Evaluations.Select(ToJson)]),
        };
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, json, Indented));
    }

    private static JsonNode ToJson(CompressEvaluation evaluation) => new JsonObject
    {
        ["step"] = evaluation.Step,
        ["seconds"] = evaluation.Elapsed.TotalSeconds,
        ["bytes"] = evaluation.Bytes,
        ["validationKl"] = evaluation.Validation,
        ["validationAgreement"] = evaluation.ValidationAgreement,
        ["expectedLoss"] = evaluation.ExpectedLoss,
        ["correct"] = evaluation.Accuracy?.Correct,
        ["images"] = evaluation.Accuracy?.Count,
        ["agreement"] = evaluation.Agreement?.Share,
        ["kl"] = evaluation.Agreement?.MeanDivergence,
    };
}
