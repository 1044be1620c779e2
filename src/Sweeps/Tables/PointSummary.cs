using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;

namespace Nern.Sweeps.Tables;

/// <summary>What the runs of one point have come to: a row of the table.</summary>
/// <param name="Point">The point.</param>
/// <param name="Lines">The lines of its runs, of all seeds there are.</param>
internal sealed record PointSummary(SweepPoint Point, IReadOnlyList<RunLine> Lines)
{
    /// <summary>Distances from the original's accuracy, in points, that a user may want to be within.</summary>
    internal static IReadOnlyList<double> Distances { get; } = [2, 1, 0.65];

    internal IReadOnlyList<RunLine> Finished => [.. Lines.Where(line => line.Result is not null)];

    internal IReadOnlyList<RunLine> Failed => [.. Lines.Where(line => line.Error is not null)];

    /// <summary>The estimate of a figure; null where no run has it.</summary>
    internal Estimate? Of(Measure measure) => Estimate.Of([.. Finished.Select(line => measure.Of(line.Result!)).OfType<double>()]);

    /// <summary>Minutes until the accuracy was within some points of the original's, of the runs that got there.</summary>
    internal Estimate? MinutesUntilWithin(double points) =>
        Estimate.Of([.. Finished.Select(line => line.MinutesUntilWithin(points)).OfType<double>()]);

    /// <summary>The points with their lines.</summary>
    internal static IReadOnlyList<PointSummary> All(IReadOnlyList<SweepPoint> points, IEnumerable<RunLine> lines)
    {
        var groups = lines.ToLookup(line => line.Group);
        return [.. points.Select(point => new PointSummary(point, [.. groups[point.Group].OrderBy(line => line.Seed)]))];
    }
}
