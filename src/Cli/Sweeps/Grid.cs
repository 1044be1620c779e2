namespace Nern.Cli.Sweeps;

/// <summary>Options that vary, each with its values: every row of a plan meets every combination.</summary>
/// <param name="Axes">One list for each option.</param>
internal sealed record Grid(IReadOnlyList<IReadOnlyList<PlanOption>> Axes)
{
    /// <summary>The options that vary.</summary>
    internal IReadOnlyList<string> Names => [.. Axes.Select(axis => axis[0].Name)];

    /// <summary>How many combinations there are; a grid of nothing has one.</summary>
    internal long Count => Axes.Aggregate(1L, (product, axis) => product * axis.Count);

    /// <summary>All combinations; the last option varies fastest.</summary>
    internal IEnumerable<IReadOnlyList<PlanOption>> Points() => Axes.Aggregate(
        (IEnumerable<IReadOnlyList<PlanOption>>)[[]],
        (points, axis) => points.SelectMany(point => axis.Select(value => (IReadOnlyList<PlanOption>)[.. point, value])));
}
