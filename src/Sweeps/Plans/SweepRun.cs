using Nern.Fitting;
using Nern.Sweeps.Results;

namespace Nern.Sweeps.Plans;

/// <summary>A row of a plan at one point of its grid: what is run once for each seed, and is a row of the table.</summary>
/// <param name="Row">The row's name.</param>
/// <param name="Grid">The values of the grid's options, by name.</param>
/// <param name="Options">All options; the seed is any.</param>
/// <param name="Paper">The paper's accuracy in per cent, or null.</param>
/// <param name="Group">What decides its runs but for the seed, in short.</param>
internal sealed record SweepPoint(string Row, IReadOnlyDictionary<string, string> Grid, FitOptions Options, double? Paper, string Group)
{
    /// <summary>The row and the values of the grid's options.</summary>
    internal string Name => string.Join(", ", Grid.Select(value => $"{value.Key} {value.Value}").Prepend(Row));
}

/// <summary>One fit of a sweep.</summary>
/// <param name="Point">What is fitted.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="Given">The options that are not as by default, as they are written on the command line.</param>
internal sealed record SweepRun(SweepPoint Point, ulong Seed, IReadOnlyDictionary<string, string> Given)
{
    /// <summary>What decides the run, in short: equal ids, equal results.</summary>
    internal string Id => $"{Point.Group}-{Seed}";

    /// <summary>For people.</summary>
    internal string Name => $"{Point.Name}, seed {Seed}";

    /// <summary>The line that says what the run has come to.</summary>
    internal RunLine Line => new(Id, Point.Row, Point.Grid, Seed, Given);
}
