using System.Globalization;
using Nern.Compression;
using Nern.Evaluation;
using Nern.Files;
using Nern.Fitting;
using Nern.Networks;
using Nern.Representation;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>What a fit has come to.</summary>
/// <param name="Output">The .nern file.</param>
/// <param name="Checkpoint">The original's file.</param>
/// <param name="Network">The original.</param>
/// <param name="Representation">What was written.</param>
/// <param name="Evaluation">Its evaluation.</param>
/// <param name="Original">The original's accuracy on the test images, if there are some.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record FitSummary(
    string Output, string Checkpoint, Network Network, NeuralRepresentation Representation, FitEvaluation Evaluation, Accuracy? Original,
    TimeSpan Elapsed)
{
    internal void Write(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "", "original", "reconstruction" })
            table.AddColumn(column);
        if (Original is { } original)
            table.AddRow("accuracy (test images)", original.ToString(), Evaluation.Accuracy.ToString()!);
        if (Evaluation.Agreement is { } agreement)
        {
            table.AddRow("agreement", "", $"{Figures.Percent(agreement.Share)} ({agreement.Same} of {agreement.Count})");
            table.AddRow("mean KL", "", Figures.Small(agreement.MeanDivergence));
        }
        if (Evaluation.Features is { } features)
        {
            table.AddRow("cosine of features (test images)", "", Figures.Fixed(features.Cosine, 4));
            table.AddRow("relative error of features", "", Figures.Fraction(features.RelativeError));
        }
        table.AddRow(Evaluation.IsOfFeatures ? "validation error" : "validation KL", "", Figures.Small(Evaluation.Validation));
        table.AddRow("relative weight error", "", Figures.Fraction(Evaluation.RelativeError));
        table.AddRow(
            "weights, parameters", Figures.Count(Representation.Design!.Layout.WeightCount),
            Figures.Count(Representation.Design!.Shape.ParameterCount));
        var (before, after) = (InputFile.LengthOf(Checkpoint), InputFile.LengthOf(Output));
        table.AddRow("file", Figures.Bytes(before), $"{Figures.Bytes(after)} ({Figures.Percent((double)after / before)})");
        UsualSizeRows.Add(table, UsualSizes.Of(Network), after);
        table.AddRow("best at step", "", Figures.Count(Evaluation.Step));
        table.AddRow("seconds", "", Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture));
        console.Write(table);
    }
}
