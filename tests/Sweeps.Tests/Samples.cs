using Nern.Evaluation;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps.Tests;

/// <summary>Points and lines as sweeps have them.</summary>
internal static class Samples
{
    internal static SweepPoint Point(string row, double? paper = null, params (string Name, string Text)[] grid) =>
        new(row, grid.ToDictionary(value => value.Name, value => value.Text), new()
        {
            Budget = new() { Steps = 4000 },
        }, paper, row.Replace(' ', '_'));

    internal static SweepRun Run(SweepPoint point, ulong seed) => new(point, seed, new Dictionary<string, string> { ["steps"] = "4000" });

    internal static RunLine Finished(SweepPoint point, ulong seed, int correct, params CurvePoint[] curve) => Run(point, seed).Line with
    {
        Result = new(
            new Accuracy(correct, 1000), new Accuracy(916, 1000), new Agreement(950, 1000, 0.0625), 0.05, 0.375, 3800, 120 * (seed + 1),
            470_000, 563_452, "bf16", 2, "Some CPU", "0.1.0"),
        Curve = curve,
    };

    internal static RunLine Failed(SweepPoint point, ulong seed) =>
        Run(point, seed).Line with { Error = "The fit diverged at step 3 | of 4." };

    internal static CurvePoint At(double minutes, double? accuracy) => new((long)(100 * minutes), 60 * minutes, accuracy, 0.9, 0.1, 0.4);
}
