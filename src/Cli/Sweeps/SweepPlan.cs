namespace Nern.Cli.Sweeps;

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
