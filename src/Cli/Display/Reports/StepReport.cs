using System.Text.Json.Nodes;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Fitting;
using Nern.OneDnn;
using Spectre.Console;
using Profile = Nern.Profiling.Profile;

namespace Nern.Cli.Display.Reports;

/// <summary>What <c>nern bench step</c> prints.</summary>
/// <param name="Architecture">The network's name.</param>
/// <param name="Options">The options of the fit.</param>
/// <param name="Profile">What was measured.</param>
/// <param name="Ranks">How many ranks shared the steps; what was measured is the first's.</param>
internal sealed record StepReport(string Architecture, FitOptions Options, Profile Profile, int Ranks = 1) : IReport
{
    private double ProfiledSeconds => Profile.Pieces.Sum(piece => piece.Seconds);

    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["architecture"] = Architecture,
        ["hidden"] = Options.Predictor.Hidden,
        ["batch"] = Options.Inputs.Batch,
        ["kernels"] = Options.Sampling.Kernels,
        ["refresh"] = Options.Sampling.Refresh,
        ["optimizer"] = ChoiceNames.Of(Options.Optimizer.Kind!),
        ["precision"] = ChoiceNames.Of(Options.Precision!),
        ["threads"] = ParallelRegion.Threads,
        ["ranks"] = Ranks,
        ["secondsPerStep"] = Profile.MedianSeconds,
        ["gflopPerStep"] = Profile.FloatingPointOperations / 1e9,
        ["gflopPerSecond"] = Profile.Rate / 1e9,
        ["floorSeconds"] = Profile.FloorSeconds,
        ["floorShare"] = Profile.FloorShare,
        ["wholeBatchFloorShare"] = Profile.WholeBatchFloorShare,
        ["peakResidentBytes"] = Profile.PeakResidentBytes,
        ["allocatedBytesPerStep"] = Profile.AllocatedBytes,
        ["pieces"] = new JsonArray([.. Profile.Pieces.Select(piece => new JsonObject
        {
            ["kind"] = piece.Kind,
            ["runs"] = piece.Runs,
            ["milliseconds"] = 1e3 * piece.Seconds,
            ["share"] = piece.Seconds / ProfiledSeconds,
            ["gflopPerSecond"] = piece.Rate / 1e9,
            ["floorShare"] = piece.FloorShare,
        })]),
        ["seconds"] = new JsonArray([.. Profile.Seconds.Select(value => JsonValue.Create(value))]),
        ["floors"] = new JsonArray([.. Profile.Floors.Select(value => JsonValue.Create(value))]),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine(
            $"{Architecture}, hidden size {Options.Predictor.Hidden}, {Options.Inputs.Batch} images, {ChoiceNames.Of(Options.Precision!)}, "
            + (Ranks > 1 ? $"{Ranks} ranks of {ParallelRegion.Threads} threads, the first's time and work" : $"{ParallelRegion.Threads} threads"));
        output.WriteLine();
        output.WriteLine(
            $"seconds a step  {Figures.Fixed(Profile.MedianSeconds, 4)} (median of {Profile.Seconds.Count}; "
            + $"{Figures.Fixed(Profile.Seconds.Min(), 4)} to {Figures.Fixed(Profile.Seconds.Max(), 4)})");
        output.WriteLine(
            $"work            {Figures.Fixed(Profile.FloatingPointOperations / 1e9, 2)} GFLOP, "
            + $"{Figures.Fixed(Profile.Rate / 1e9, 0)} GFLOP/s");
        output.WriteLine($"floor           {Figures.Fixed(Profile.FloorSeconds, 4)} s, reached to {Figures.Percent(Profile.FloorShare)}");
        if (Profile.WholeBatchFloorShare is { } share)
            output.WriteLine(
                $"whole batch     {Figures.Fixed(Profile.Median(Profile.WholeBatchFloors), 4)} s, "
                + $"the floor without micro-batches, reached to {Figures.Percent(share)}");
        output.WriteLine($"peak memory     {Figures.Fixed(Profile.PeakResidentBytes / 1e6, 0)} MB");
        output.WriteLine($"allocated       {Figures.Bytes(Profile.AllocatedBytes)} a step");

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("where the time goes");
        foreach (var column in new[] { "times", "ms", "share", "GFLOP/s", "floor reached" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var piece in Profile.Pieces)
            table.AddRow(
                Markup.Escape(piece.Kind), Figures.Fixed(piece.Runs, 0), Figures.Fixed(1e3 * piece.Seconds, 3),
                Figures.Percent(piece.Seconds / ProfiledSeconds),
                piece.FloatingPointOperations > 0 ? Figures.Fixed(piece.Rate / 1e9, 0) : "",
                piece.FloorSeconds > 0 ? Figures.Percent(piece.FloorShare) : "");
        table.AddRow("all", "", Figures.Fixed(1e3 * ProfiledSeconds, 3), Figures.Percent(1), "", "");
        terminal.Console.Write(table);
    }
}
