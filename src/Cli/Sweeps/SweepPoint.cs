using Nern.Fitting;

namespace Nern.Cli.Sweeps;

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
