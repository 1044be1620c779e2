using Nern.Cli.Options;
using Nern.Fitting;

namespace Nern.Cli.Sweeps;

/// <summary>One fit of a sweep.</summary>
/// <param name="Point">What is fitted.</param>
/// <param name="Seed">With which seed.</param>
internal sealed record SweepRun(SweepPoint Point, ulong Seed)
{
    /// <summary>What decides the run, in short: equal ids, equal results.</summary>
    internal string Id => $"{Point.Group}-{Seed}";

    /// <summary>For people.</summary>
    internal string Name => $"{Point.Name}, seed {Seed}";

    /// <summary>All options of the fit.</summary>
    internal FitOptions Options => Point.Options with { Seed = Seed };

    /// <summary>The options that are not as by default, as they are written on the command line.</summary>
    internal IReadOnlyDictionary<string, string> Given => FitOptionCatalog.All
        .Where(option => option.Write(Options) != option.Default).ToDictionary(option => option.Name, option => option.Write(Options));

    /// <summary>The line that says what the run has come to.</summary>
    internal RunLine Line => new(Id, Point.Row, Point.Grid, Seed, Given);
}
