namespace Nern.Sweeps.Plans;

/// <summary>What a plan file says.</summary>
internal sealed record SweepPlan
{
    /// <summary>More points of a grid than anybody waits for.</summary>
    internal const int LargestGrid = 10_000;

    /// <summary>What it is about.</summary>
    internal required string Title { get; init; }

    /// <summary>The checkpoint's path.</summary>
    internal required string Network { get; init; }

    /// <summary>The checkpoint's architecture.</summary>
    internal required string Architecture { get; init; }

    /// <summary>Where images come from, as --data takes it; null for noise without tests.</summary>
    internal string? Data { get; init; }

    /// <summary>What all runs have in common.</summary>
    internal required Preset Common { get; init; }

    /// <summary>What replaces parts of <see cref="Common"/> where the paper's budget is asked for; null if the plan has none.</summary>
    internal Preset? PaperBudget { get; init; }

    /// <summary>One run of everything for each.</summary>
    internal required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>What is compared.</summary>
    internal required IReadOnlyList<PlanRow> Rows { get; init; }

    /// <summary>What every row is tried with.</summary>
    internal required Grid Grid { get; init; }
}

/// <summary>A row of a plan: a setting that is compared with others.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Options">What sets it apart.</param>
/// <param name="Paper">The paper's accuracies in per cent, one for each point of the grid; null where there is none.</param>
internal sealed record PlanRow(string Name, IReadOnlyList<PlanOption> Options, IReadOnlyList<double?> Paper);

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

/// <summary>A recipe and options on top of it.</summary>
/// <param name="Recipe">Its name or file, or null.</param>
/// <param name="Options">The options.</param>
internal sealed record Preset(string? Recipe, IReadOnlyList<PlanOption> Options)
{
    /// <summary>This preset with what <paramref name="other"/> says in place of what it says itself.</summary>
    internal Preset With(Preset other) => new(other.Recipe ?? Recipe, Merge(Options, other.Options));

    /// <summary>
    /// The options of both; where both have one, that of <paramref name="second"/>. Steps and minutes are one budget: either replaces both.
    /// </summary>
    internal static IReadOnlyList<PlanOption> Merge(IReadOnlyList<PlanOption> first, IReadOnlyList<PlanOption> second) =>
        [.. first.Where(option => second.All(other => other.Name != option.Name && !(other.IsBudget && option.IsBudget))), .. second];
}

/// <summary>An option as a plan gives it.</summary>
/// <param name="Name">Its name, as on the command line without the dashes.</param>
/// <param name="Text">Its value, as on the command line.</param>
/// <param name="Place">Where it stands, for errors.</param>
internal sealed record PlanOption(string Name, string Text, string Place)
{
    /// <summary>Whether it says when a run ends.</summary>
    internal bool IsBudget => Name is "steps" or "minutes";
}
