using System.Text.Json.Nodes;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Engine;
using Spectre.Console;
using Profile = Nern.Profiling.Profile;

namespace Nern.Cli.Display.Reports;

/// <summary>What <c>nern bench reconstruct</c> prints.</summary>
/// <param name="Kernels">How many kernels were predicted.</param>
/// <param name="Hidden">Hidden size of the predictor.</param>
/// <param name="Profiles">What was measured, by precision.</param>
internal sealed record PredictionReport(int Kernels, int Hidden, IReadOnlyList<(Precision Precision, Profile Profile)> Profiles) : IReport
{
    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["kernels"] = Kernels,
        ["hidden"] = Hidden,
        ["precisions"] = new JsonArray([.. Profiles.Select(entry => new JsonObject
        {
            ["precision"] = ChoiceNames.Of(entry.Precision),
            ["seconds"] = entry.Profile.MedianSeconds,
            ["tflop"] = entry.Profile.FloatingPointOperations / 1e12,
            ["gflopPerSecond"] = entry.Profile.Rate / 1e9,
            ["floorShare"] = entry.Profile.FloorShare,
            ["peakResidentBytes"] = entry.Profile.PeakResidentBytes,
        })]),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        terminal.Output.WriteLine($"{Figures.Count(Kernels)} kernels, hidden size {Hidden}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("precision");
        foreach (var column in new[] { "seconds", "TFLOP", "GFLOP/s", "floor reached", "peak memory" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (precision, profile) in Profiles)
            table.AddRow(
                ChoiceNames.Of(precision), Figures.Fixed(profile.MedianSeconds, 2),
                Figures.Fixed(profile.FloatingPointOperations / 1e12, 3), Figures.Fixed(profile.Rate / 1e9, 0),
                Figures.Percent(profile.FloorShare), $"{Figures.Fixed(profile.PeakResidentBytes / 1e6, 0)} MB");
        terminal.Console.Write(table);
    }
}
